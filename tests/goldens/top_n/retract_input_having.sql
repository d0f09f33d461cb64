-- rows leave through HAVING
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT item, s FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY s DESC, item) AS r FROM (SELECT item, SUM(amount) AS s FROM sales GROUP BY item HAVING SUM(amount) < 15)) WHERE r <= 2;
