-- a bad field fails the job
CREATE TABLE t (
  a INT, v BYTES
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_bytes.json', 'format' = 'json');
SELECT * FROM t;
