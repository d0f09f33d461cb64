-- a bad field fails the job
CREATE TABLE t (
  a INT, v TINYINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_tinyint_fraction.json', 'format' = 'json');
SELECT * FROM t;
