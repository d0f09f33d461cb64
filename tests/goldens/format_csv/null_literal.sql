-- a null literal of its own
CREATE TABLE t (
  id INT, a STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/nulls.csv', 'format' = 'csv', 'csv.null-literal' = 'NULL');
SELECT * FROM t;
