-- GROUP BY 1 is a constant, not a position
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, COUNT(*) AS c FROM orders GROUP BY 1;
