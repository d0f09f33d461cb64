-- too many cells with ignore-parse-errors
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/many.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
