-- too few cells with ignore-parse-errors
CREATE TABLE t (
  id INT, a STRING, b INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/few_ignore.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
