-- a bad field fails the job
CREATE TABLE t (
  a INT, v DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_double_text.json', 'format' = 'json');
SELECT * FROM t;
