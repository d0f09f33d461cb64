-- ARRAY_AGG keeps NULLs
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, ARRAY_AGG(amount) AS a, ARRAY_AGG(DISTINCT product) AS b FROM orders GROUP BY customer;
