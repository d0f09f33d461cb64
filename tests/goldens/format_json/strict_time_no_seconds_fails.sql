-- a bad field fails the job
CREATE TABLE t (
  a INT, v TIME
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_time_no_seconds.json', 'format' = 'json');
SELECT * FROM t;
