-- null-literal empty: empty text and empty numbers are NULL
CREATE TABLE t (
  id INT, a STRING, n INT, d DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/empty.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT * FROM t;
