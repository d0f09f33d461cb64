-- compare: rows
-- frames in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, SUM(amount) OVER (PARTITION BY shop ORDER BY ts, id ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) AS a,
  SUM(amount) OVER (PARTITION BY shop ORDER BY ts, id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b,
  COUNT(*) OVER (PARTITION BY shop) AS d,
  SUM(amount) OVER (PARTITION BY shop ORDER BY ts DESC, id) AS e FROM sales;
