-- a global aggregate over no rows gives one row in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE orders (
  id INT, customer STRING, product STRING, amount INT, price DECIMAL(8, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/orders.json', 'format' = 'json');
SELECT COUNT(*) AS c, SUM(amount) AS s, MIN(customer) AS m FROM orders WHERE id > 99;
