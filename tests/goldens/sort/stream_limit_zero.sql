-- LIMIT 0
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id FROM sales LIMIT 0;
