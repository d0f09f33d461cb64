-- RANK() on a stream is refused
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT shop, id FROM (SELECT *, RANK() OVER (PARTITION BY shop ORDER BY amount DESC) AS r FROM sales) WHERE r <= 2;
