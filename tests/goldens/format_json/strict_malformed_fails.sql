-- a malformed line fails the job
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_malformed.json', 'format' = 'json');
SELECT * FROM t;
