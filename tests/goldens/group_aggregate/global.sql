-- no GROUP BY: one row that is updated
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT COUNT(*) AS c, SUM(amount) AS s, MIN(price) AS mi, MAX(price) AS ma, AVG(amount) AS av FROM orders;
