-- a bad field fails the job
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_int_text.json', 'format' = 'json');
SELECT * FROM t;
