-- Top-N over Top-N
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT shop, id, amount, r2 FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC) AS r2 FROM (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY amount DESC) AS r FROM sales WHERE amount IS NOT NULL) WHERE r <= 2)) WHERE r2 <= 2;
