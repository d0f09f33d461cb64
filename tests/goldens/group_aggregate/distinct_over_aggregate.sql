-- SELECT DISTINCT over an updating input: -D when the last one leaves
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT DISTINCT s FROM (SELECT customer, COUNT(*) AS s FROM orders GROUP BY customer);
