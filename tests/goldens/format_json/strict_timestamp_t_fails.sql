-- a bad field fails the job
CREATE TABLE t (
  a INT, v TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_timestamp_t.json', 'format' = 'json');
SELECT * FROM t;
