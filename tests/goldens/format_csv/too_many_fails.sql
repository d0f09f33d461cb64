-- too many cells fail the job
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/many.csv', 'format' = 'csv');
SELECT * FROM t;
