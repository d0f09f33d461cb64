-- a NOT NULL column that is missing
CREATE TABLE t (
  a INT, v INT NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/missing.json', 'format' = 'json');
SELECT * FROM t;
