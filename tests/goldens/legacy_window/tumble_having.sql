-- compare: rows
-- HAVING
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT k, COUNT(*) AS c FROM events GROUP BY k, TUMBLE(ts, INTERVAL '5' SECOND) HAVING SUM(v) > 6;
