-- SELECT * through a view keeps the columns of its creation
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE VIEW v1 AS SELECT * FROM t;
SELECT *, a + 1 AS a1 FROM v1;
