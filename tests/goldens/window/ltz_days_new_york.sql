-- compare: rows
-- day windows over TIMESTAMP_LTZ follow the session zone and its daylight saving
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE z (
  id INT, t BIGINT, ts AS TO_TIMESTAMP_LTZ(t, 3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/epochs.json', 'format' = 'json');
SELECT window_start, window_end, window_time, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end, window_time;
