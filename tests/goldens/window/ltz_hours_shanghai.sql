-- compare: rows
-- hour windows in Asia/Shanghai
SET 'table.local-time-zone' = 'Asia/Shanghai';
CREATE TABLE z (
  id INT, t BIGINT, ts AS TO_TIMESTAMP_LTZ(t, 3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/epochs.json', 'format' = 'json');
SELECT window_start, window_end, COUNT(*) AS c FROM TABLE(HOP(TABLE z, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '2' HOUR)) GROUP BY window_start, window_end;
