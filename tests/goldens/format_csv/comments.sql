-- allow-comments
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/comments.csv', 'format' = 'csv', 'csv.allow-comments' = 'true', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
