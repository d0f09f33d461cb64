-- COUNT(DISTINCT) over a retracting input
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT COUNT(DISTINCT m) AS c, COUNT(DISTINCT p) AS cp FROM (SELECT customer, MAX(amount) AS m, MIN(product) AS p FROM orders GROUP BY customer);
