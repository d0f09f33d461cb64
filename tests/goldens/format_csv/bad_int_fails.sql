-- a bad number fails the job
CREATE TABLE t (
  id INT, a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/bad_int.csv', 'format' = 'csv');
SELECT * FROM t;
