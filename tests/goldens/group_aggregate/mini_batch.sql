-- compare: table
-- mini-batch changes how often, not what
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '5';
SELECT customer, COUNT(*) AS c, SUM(amount) AS s, COUNT(DISTINCT product) AS p FROM orders GROUP BY customer;
