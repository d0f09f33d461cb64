-- LISTAGG with the default and with a separator
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, LISTAGG(product) AS a, LISTAGG(product, ' & ') AS b FROM orders GROUP BY customer;
