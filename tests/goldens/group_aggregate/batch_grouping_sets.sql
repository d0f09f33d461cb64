-- compare: rows
-- grouping sets in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, product, SUM(amount) AS s, COUNT(DISTINCT amount) AS c FROM orders GROUP BY GROUPING SETS ((customer), (product), ());
