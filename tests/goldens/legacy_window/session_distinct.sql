-- compare: rows
-- DISTINCT in a legacy session window
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT COUNT(DISTINCT v) AS c FROM events GROUP BY SESSION(ts, INTERVAL '3' SECOND);
