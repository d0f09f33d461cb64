-- IF NOT EXISTS and DROP
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW IF NOT EXISTS v AS SELECT b FROM t;
SELECT * FROM v;
