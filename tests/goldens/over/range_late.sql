-- compare: rows
-- bounded RANGE: late is what is behind its key
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT id, k, v, SUM(v) OVER w AS s, COUNT(DISTINCT v) OVER w AS c, AVG(v) OVER w AS a FROM events WINDOW w AS (PARTITION BY k ORDER BY ts RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW);
