-- compare: rows
-- a default that is NOT NULL over values that may be NULL
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, LAG(amount, 2, -7) OVER w AS a, LEAD(amount, 1, 99) OVER w AS b FROM sales WINDOW w AS (PARTITION BY shop ORDER BY ts, id);
