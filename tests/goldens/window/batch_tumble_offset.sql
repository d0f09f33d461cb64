-- compare: rows
-- windows with an offset, in batch mode (in streaming mode Flink loses the first window here)
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/events.json', 'format' = 'json');
SELECT k, window_start, window_end, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '60' SECOND, INTERVAL '30' SECOND)) GROUP BY k, window_start, window_end;
