-- an aggregate over an updating aggregate retracts
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT SUM(c) AS total, COUNT(*) AS ks, MAX(c) AS m FROM (SELECT customer, COUNT(*) AS c FROM orders GROUP BY customer);
