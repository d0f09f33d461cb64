-- LISTAGG(DISTINCT)
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, LISTAGG(DISTINCT product) AS a FROM orders GROUP BY customer;
