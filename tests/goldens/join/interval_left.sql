-- compare: rows
-- LEFT OUTER interval join
CREATE TABLE o (
  oid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
CREATE TABLE p (
  pid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/payments.json', 'format' = 'json');
SELECT oid, pid, o.ts AS ots, p.ts AS pts FROM o LEFT OUTER JOIN p ON o.p = p.p AND p.ts BETWEEN o.ts - INTERVAL '1' SECOND AND o.ts + INTERVAL '4' SECOND;
