-- a projection above an aggregate may give equal -U and +U
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, c / 2 AS half FROM (SELECT customer, COUNT(*) AS c FROM orders GROUP BY customer);
