-- CREATE TABLE ... LIKE with further columns and options
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE t2 (c AS a + 1) WITH ('json.ignore-parse-errors' = 'true') LIKE t;
SELECT * FROM t2;
