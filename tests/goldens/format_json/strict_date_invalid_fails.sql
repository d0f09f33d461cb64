-- a bad field fails the job
CREATE TABLE t (
  a INT, v DATE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_date_invalid.json', 'format' = 'json');
SELECT * FROM t;
