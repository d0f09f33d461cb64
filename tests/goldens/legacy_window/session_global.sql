-- compare: rows
-- session without a key
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT SESSION_START(ts, INTERVAL '3' SECOND) AS ws, SESSION_ROWTIME(ts, INTERVAL '3' SECOND) AS wr, COUNT(*) AS c FROM events GROUP BY SESSION(ts, INTERVAL '3' SECOND);
