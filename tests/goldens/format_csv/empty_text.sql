-- empty text, quoted or not, is the empty string
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/empty_text.csv', 'format' = 'csv');
SELECT * FROM t;
