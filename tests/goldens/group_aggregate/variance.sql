-- VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP, VARIANCE: one row gives 0 or NULL
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT customer, VAR_POP(amount) AS a, VAR_SAMP(amount) AS b, STDDEV_POP(amount) AS c, STDDEV_SAMP(amount) AS d, VARIANCE(amount) AS e FROM orders GROUP BY customer;
