-- numbers that do not fit
CREATE TABLE t (
  id INT, t TINYINT, i INT, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/ints.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
