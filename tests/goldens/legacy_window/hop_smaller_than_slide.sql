-- compare: rows
-- HOP with size below slide: rows may be in no window
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '5' SECOND) AS ws, COUNT(*) AS c FROM events GROUP BY HOP(ts, INTERVAL '10' SECOND, INTERVAL '5' SECOND);
