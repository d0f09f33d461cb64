-- without allow-comments a # line is a row
CREATE TABLE t (
  a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/comments.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
