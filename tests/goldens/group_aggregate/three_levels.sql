-- three aggregations on top of each other
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT MAX(n) AS m, COUNT(*) AS c FROM (SELECT c, COUNT(*) AS n FROM (SELECT customer, COUNT(*) AS c FROM orders GROUP BY customer) GROUP BY c);
