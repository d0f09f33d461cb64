-- compare: rows
-- bounded ROWS: late is what is behind its key
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT id, k, v, SUM(v) OVER w AS s, COUNT(*) OVER w AS c, MAX(v) OVER w AS m FROM events WINDOW w AS (PARTITION BY k ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW);
