-- compare: rows
-- legacy TUMBLE in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT k, TUMBLE_START(ts, INTERVAL '5' SECOND) AS ws, COUNT(*) AS c FROM events GROUP BY k, TUMBLE(ts, INTERVAL '5' SECOND);
