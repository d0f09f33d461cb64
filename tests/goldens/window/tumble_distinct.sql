-- compare: rows
-- TUMBLE with DISTINCT and FILTER
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/events.json', 'format' = 'json');
SELECT window_start, COUNT(DISTINCT k) AS c, COUNT(DISTINCT v) FILTER (WHERE v > 5) AS cv, COUNT(*) FILTER (WHERE k = 'a') AS a FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end;
