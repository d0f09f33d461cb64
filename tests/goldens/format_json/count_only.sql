-- SELECT COUNT(*): no column is read
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/blank2.json', 'format' = 'json');
SELECT COUNT(*) AS c FROM t;
