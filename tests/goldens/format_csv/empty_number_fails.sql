-- an empty cell of a number fails the job
CREATE TABLE t (
  id INT, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/empty_number.csv', 'format' = 'csv');
SELECT * FROM t;
