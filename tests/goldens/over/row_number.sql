-- compare: rows
-- ROW_NUMBER that is no Top-N
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, shop, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY ts) AS n FROM sales;
