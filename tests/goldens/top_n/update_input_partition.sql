-- partitioned by one of the group keys
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT shop, item, s, r FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY s DESC, item) AS r FROM (SELECT shop, item, SUM(amount) AS s FROM sales GROUP BY shop, item)) WHERE r <= 2;
