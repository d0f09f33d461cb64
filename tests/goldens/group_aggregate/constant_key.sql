-- GROUP BY a constant
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT COUNT(*) AS c, 'x' AS k FROM orders GROUP BY 'x';
