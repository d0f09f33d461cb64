-- an empty line is dropped in strict mode too
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/blank2.json', 'format' = 'json');
SELECT * FROM t;
