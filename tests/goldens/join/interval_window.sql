-- compare: rows
-- the watermark behind an interval join is held back
CREATE TABLE o (
  oid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
CREATE TABLE p (
  pid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/payments.json', 'format' = 'json');
CREATE TEMPORARY VIEW j AS SELECT oid, pid, o.ts AS ots FROM o JOIN p ON o.p = p.p AND p.ts BETWEEN o.ts - INTERVAL '1' SECOND AND o.ts + INTERVAL '4' SECOND;
SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE j, DESCRIPTOR(ots), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
