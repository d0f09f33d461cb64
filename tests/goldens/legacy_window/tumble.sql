-- compare: rows
-- GROUP BY TUMBLE with its start, end and rowtime
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT k, TUMBLE_START(ts, INTERVAL '5' SECOND) AS ws, TUMBLE_END(ts, INTERVAL '5' SECOND) AS we, TUMBLE_ROWTIME(ts, INTERVAL '5' SECOND) AS wr, COUNT(*) AS c, SUM(v) AS s, MIN(v) AS mi, MAX(v) AS ma, AVG(v) AS av FROM events GROUP BY k, TUMBLE(ts, INTERVAL '5' SECOND);
