-- compare: rows
-- two inserts into one sink
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE s1 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s1', 'format' = 'json');
EXECUTE STATEMENT SET
BEGIN
INSERT INTO s1 SELECT a, b FROM t;
INSERT INTO s1 SELECT a + 100, b FROM t;
END;
SELECT a, b FROM s1;
