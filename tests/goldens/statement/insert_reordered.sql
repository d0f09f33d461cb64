-- compare: rows
-- INSERT with a reordered column list
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE s1 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s1', 'format' = 'json');
INSERT INTO s1 (b, a) SELECT b, a FROM t;
SELECT a, b FROM s1;
