-- the same over DOUBLE
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT product, VAR_POP(CAST(price AS DOUBLE)) AS a, STDDEV_SAMP(CAST(amount AS DOUBLE)) AS d FROM orders GROUP BY product;
