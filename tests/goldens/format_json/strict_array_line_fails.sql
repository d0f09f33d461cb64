-- a line that is an array fails the job
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_array.json', 'format' = 'json');
SELECT * FROM t;
