-- no PARTITION BY
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT id, amount, r FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC) AS r FROM sales) WHERE r <= 3;
