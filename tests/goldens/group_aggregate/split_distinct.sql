-- compare: table
-- split distinct aggregation gives the same table
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '3';
SET 'table.optimizer.distinct-agg.split.enabled' = 'true';
SELECT customer, COUNT(DISTINCT product) AS p, COUNT(DISTINCT product) FILTER (WHERE amount > 2) AS p2, SUM(amount) AS s FROM orders GROUP BY customer;
