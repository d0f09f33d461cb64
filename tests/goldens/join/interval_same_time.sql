-- compare: rows
-- equal times make an interval join
CREATE TABLE o (
  oid INT, p STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT a.oid, b.oid AS other, a.ts FROM o AS a LEFT JOIN (SELECT oid, p, ts FROM o WHERE oid <> 2) AS b ON a.p = b.p AND a.ts = b.ts;
