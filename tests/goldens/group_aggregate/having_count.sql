-- HAVING on an aggregate that is not selected
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT product FROM orders GROUP BY product HAVING COUNT(*) >= 3 AND MIN(amount) < 3;
