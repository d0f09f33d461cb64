-- field-delimiter as an escape
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/tab.csv', 'format' = 'csv', 'csv.field-delimiter' = '\t');
SELECT * FROM t;
