-- the same per key, groups may empty
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT c, MIN(s) AS mi, MAX(s) AS ma, COUNT(*) AS n FROM (SELECT customer, COUNT(*) AS c, SUM(amount) AS s FROM orders GROUP BY customer) GROUP BY c;
