-- NULLS LAST and NULLS FIRST
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT shop, id, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY amount ASC NULLS LAST) AS r FROM sales) WHERE r <= 2;
