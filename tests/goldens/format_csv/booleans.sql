-- TRUE only for "true" in any case
CREATE TABLE t (
  id INT, bo BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/booleans.csv', 'format' = 'csv');
SELECT * FROM t;
