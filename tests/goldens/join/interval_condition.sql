-- compare: rows
-- an interval join with one more condition decides who is matched
CREATE TABLE o (
  oid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
CREATE TABLE p (
  pid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/payments.json', 'format' = 'json');
SELECT oid, pid, o.ts AS ots, p.ts AS pts FROM o FULL OUTER JOIN p ON o.p = p.p AND p.ts >= o.ts AND p.ts < o.ts + INTERVAL '4' SECOND AND oid + 100 <> pid;
