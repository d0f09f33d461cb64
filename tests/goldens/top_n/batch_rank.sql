-- compare: rows
-- RANK, DENSE_RANK, ROW_NUMBER in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT shop, id, amount, RANK() OVER w AS r, DENSE_RANK() OVER w AS dr FROM sales WINDOW w AS (PARTITION BY shop ORDER BY amount DESC);
