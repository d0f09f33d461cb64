-- compare: rows
-- SESSION without a key
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/events.json', 'format' = 'json');
SELECT window_start, window_end, COUNT(*) AS c, SUM(v) AS s FROM TABLE(SESSION(TABLE events, DESCRIPTOR(ts), INTERVAL '4' SECOND)) GROUP BY window_start, window_end;
