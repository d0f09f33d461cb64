-- compare: rows
-- WATERMARK FOR ts AS ts: a row at the watermark is not late for its window
CREATE TABLE e (
  ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/late.json', 'format' = 'json');
SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY window_start, window_end;
