-- CR LF and no last newline
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/crlf.csv', 'format' = 'csv');
SELECT * FROM t;
