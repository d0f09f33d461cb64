-- a bad field fails the job
CREATE TABLE t (
  a INT, v ARRAY<INT>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_array_of_object.json', 'format' = 'json');
SELECT * FROM t;
