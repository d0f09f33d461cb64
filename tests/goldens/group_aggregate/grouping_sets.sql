-- GROUPING SETS with GROUPING_ID
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, product, COUNT(*) AS c, GROUPING(customer) AS g, GROUPING_ID(customer, product) AS gi FROM orders WHERE id < 6 GROUP BY GROUPING SETS ((customer, product), (customer), ());
