-- compare: rows
-- LAG on a stream
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, shop, LAG(amount) OVER (PARTITION BY shop ORDER BY ts) AS a, LAG(amount, 2, -1) OVER (PARTITION BY shop ORDER BY ts) AS b FROM sales;
