-- compare: rows
-- HOP by key; late rows are dropped, their other windows may still be open
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/events.json', 'format' = 'json');
SELECT k, window_start, window_end, COUNT(*) AS c, SUM(v) AS s, MIN(v) AS mi, MAX(v) AS ma, AVG(v) AS av FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
