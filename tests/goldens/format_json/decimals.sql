-- DECIMAL rounds half up, overflow is NULL
CREATE TABLE t (
  id INT, a DECIMAL(5, 0), b DECIMAL(10, 2), c DECIMAL(38, 18)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/decimals.json', 'format' = 'json');
SELECT * FROM t;
