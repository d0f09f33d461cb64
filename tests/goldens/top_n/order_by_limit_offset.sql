-- LIMIT with OFFSET
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT id, amount FROM sales ORDER BY amount DESC, id LIMIT 2 OFFSET 1;
