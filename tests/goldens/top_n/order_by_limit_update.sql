-- ORDER BY ... LIMIT over an aggregate
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT item, COUNT(*) AS c FROM sales GROUP BY item ORDER BY c DESC, item LIMIT 2;
