-- COLLECT gives a multiset
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, COLLECT(amount) AS a FROM orders WHERE customer IN ('cid', 'eve', 'dan') GROUP BY customer;
