-- SUM goes back to NULL when only NULLs are left
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT n, SUM(m) AS s, COUNT(*) AS c FROM (SELECT customer, COUNT(*) AS n, MAX(amount) AS m FROM orders GROUP BY customer) GROUP BY n;
