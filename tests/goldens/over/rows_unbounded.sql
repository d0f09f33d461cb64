-- compare: rows
-- ROWS from UNBOUNDED PRECEDING; rows behind the watermark
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT id, k, v, SUM(v) OVER w AS s, MIN(v) OVER w AS m FROM events WINDOW w AS (PARTITION BY k ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW);
