-- a dropped table is unknown
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
DROP TABLE t;
SELECT a FROM t;
