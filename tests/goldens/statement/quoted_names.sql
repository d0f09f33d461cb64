-- quoted names, reserved words, case
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT a AS `select`, b AS `B b`, a AS A FROM t WHERE a = 1;
