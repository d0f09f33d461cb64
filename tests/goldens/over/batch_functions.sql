-- compare: rows
-- LAG, LEAD, NTILE, PERCENT_RANK, CUME_DIST, ROW_NUMBER in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, LAG(amount) OVER w AS a, LEAD(amount, 2) OVER w AS b, NTILE(3) OVER w AS c, PERCENT_RANK() OVER w AS d,
  CUME_DIST() OVER w AS e, ROW_NUMBER() OVER w AS f FROM sales WINDOW w AS (PARTITION BY shop ORDER BY ts, id);
