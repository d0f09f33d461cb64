-- t.*, expressions and duplicate names
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT x.*, x.a, x.a AS a FROM t AS x WHERE a = 1;
