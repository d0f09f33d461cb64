-- too few cells fail the job
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/few.csv', 'format' = 'csv');
SELECT * FROM t;
