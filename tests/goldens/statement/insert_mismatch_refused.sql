-- INSERT of a wrong type is refused
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE s1 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s1', 'format' = 'json');
INSERT INTO s1 SELECT b, a FROM t;
