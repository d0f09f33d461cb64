-- MIN and MAX over a retracting input go back to an older value
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT MIN(s) AS mi, MAX(s) AS ma FROM (SELECT customer, SUM(amount) AS s FROM orders GROUP BY customer);
