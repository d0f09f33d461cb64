-- an ambiguous column is refused
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT a FROM t x CROSS JOIN t y;
