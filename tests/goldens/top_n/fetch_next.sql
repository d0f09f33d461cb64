-- FETCH NEXT ... ROWS ONLY
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT id, amount FROM sales ORDER BY amount, id FETCH NEXT 2 ROWS ONLY;
