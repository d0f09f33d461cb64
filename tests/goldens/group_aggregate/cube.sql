-- CUBE
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, product, SUM(amount) AS s, GROUP_ID() AS g FROM orders WHERE id < 4 GROUP BY CUBE (customer, product);
