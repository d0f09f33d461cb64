-- ROLLUP
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, product, SUM(amount) AS s FROM orders WHERE id < 6 GROUP BY ROLLUP (customer, product);
