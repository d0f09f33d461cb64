-- ORDER BY COUNT(*) ASC: rows sink out of the top
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT item, c, r FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY c ASC, item) AS r FROM (SELECT item, COUNT(*) AS c FROM sales GROUP BY item)) WHERE r <= 3;
