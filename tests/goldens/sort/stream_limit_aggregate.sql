-- compare: table
-- LIMIT over an updating input (only the number of rows is certain)
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../top_n/data/sales.json', 'format' = 'json');
SELECT COUNT(*) AS c FROM (SELECT item, COUNT(*) AS c FROM sales GROUP BY item LIMIT 3);
