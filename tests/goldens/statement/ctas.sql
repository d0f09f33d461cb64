-- compare: rows
-- CREATE TABLE AS
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE c WITH ('connector' = 'filesystem', 'path' = '${OUT}/c', 'format' = 'json') AS SELECT a + 1 AS a1, b FROM t;
SELECT a1, b FROM c;
