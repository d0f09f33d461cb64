-- HAVING: rows enter and leave
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, SUM(amount) AS s FROM orders GROUP BY customer HAVING SUM(amount) BETWEEN 4 AND 7;
