-- SUM of small decimals
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, SUM(price) AS s, SUM(price * amount) AS revenue FROM orders GROUP BY customer;
