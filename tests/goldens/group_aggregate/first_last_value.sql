-- FIRST_VALUE and LAST_VALUE skip NULLs
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, FIRST_VALUE(product) AS f, LAST_VALUE(product) AS l, FIRST_VALUE(amount) AS fa, LAST_VALUE(amount) AS la FROM orders GROUP BY customer;
