-- a bad field fails the job
CREATE TABLE t (
  a INT, v ROW<x INT>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_row_of_number.json', 'format' = 'json');
SELECT * FROM t;
