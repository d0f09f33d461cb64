-- escape-character
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/escape.csv', 'format' = 'csv', 'csv.escape-character' = '\');
SELECT * FROM t;
