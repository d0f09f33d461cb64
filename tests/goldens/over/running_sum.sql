-- compare: rows
-- OVER ORDER BY rowtime: RANGE, unbounded
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT id, shop, SUM(amount) OVER (PARTITION BY shop ORDER BY ts) AS s, COUNT(*) OVER (PARTITION BY shop ORDER BY ts) AS c FROM sales;
