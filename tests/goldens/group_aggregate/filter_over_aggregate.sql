-- a filter above an aggregate turns updates into inserts and deletes
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, s FROM (SELECT customer, SUM(amount) AS s FROM orders GROUP BY customer) WHERE s < 6;
