-- decimals
CREATE TABLE t (
  id INT, dc DECIMAL(5, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/decimals.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
