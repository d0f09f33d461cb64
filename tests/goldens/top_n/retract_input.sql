-- Top-N over an input with deletes
CREATE TABLE sales (
  id INT, shop STRING, item STRING, amount INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/sales.json', 'format' = 'json');
SELECT c, n, r FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC, c) AS r FROM (SELECT c, COUNT(*) AS n FROM (SELECT item, COUNT(*) AS c FROM sales GROUP BY item) GROUP BY c)) WHERE r <= 2;
