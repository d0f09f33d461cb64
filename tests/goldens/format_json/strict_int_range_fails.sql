-- a bad field fails the job
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_int_range.json', 'format' = 'json');
SELECT * FROM t;
