-- compare: rows
-- GROUP BY SESSION (as Nexmark q11)
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT k, SESSION_START(ts, INTERVAL '4' SECOND) AS ws, SESSION_END(ts, INTERVAL '4' SECOND) AS we, COUNT(*) AS c, SUM(v) AS s FROM events GROUP BY k, SESSION(ts, INTERVAL '4' SECOND);
