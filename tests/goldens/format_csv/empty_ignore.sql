-- with ignore-parse-errors an empty cell is NULL
CREATE TABLE t (
  id INT, n INT, bo BOOLEAN, d DATE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/empty_ignore.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
