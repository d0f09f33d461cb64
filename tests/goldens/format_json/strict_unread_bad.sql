-- a bad value in a column that nobody reads
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strict_unread.json', 'format' = 'json');
SELECT a FROM t;
