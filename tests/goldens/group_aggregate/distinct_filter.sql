-- COUNT(DISTINCT x) with several filters shares one set
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT product, COUNT(DISTINCT customer) AS c, COUNT(DISTINCT customer) FILTER (WHERE amount > 2) AS c2, COUNT(DISTINCT customer) FILTER (WHERE amount <= 2) AS c3, COUNT(DISTINCT amount) AS c4 FROM orders GROUP BY product;
