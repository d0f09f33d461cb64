-- ROW_NUMBER over a non-time column without a bound is refused
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT id, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY amount DESC) AS r FROM sales;
