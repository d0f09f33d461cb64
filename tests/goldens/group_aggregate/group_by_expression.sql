-- GROUP BY an expression, selected again
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT CHAR_LENGTH(product) + 1 AS l, MOD(id, 2) AS parity, COUNT(*) AS c FROM orders GROUP BY CHAR_LENGTH(product) + 1, MOD(id, 2);
