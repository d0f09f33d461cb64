-- Top-N over an aggregate (updates by key), rank output
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT item, s, r FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY s DESC) AS r FROM (SELECT item, SUM(amount) AS s FROM sales GROUP BY item)) WHERE r <= 3;
