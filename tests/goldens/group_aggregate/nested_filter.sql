-- FILTER over a retracting input
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT COUNT(*) FILTER (WHERE c > 2) AS big, SUM(c) FILTER (WHERE c <= 2) AS small FROM (SELECT customer, COUNT(*) AS c FROM orders GROUP BY customer);
