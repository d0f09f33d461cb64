-- AVG and decimals over a retracting input
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT AVG(s) AS a, SUM(p) AS sp, AVG(p) AS ap FROM (SELECT customer, SUM(amount) AS s, SUM(price) AS p FROM orders GROUP BY customer);
