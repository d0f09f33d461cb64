-- compare: rows
-- one job, two sinks; read back
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE s1 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s1', 'format' = 'json');
CREATE TABLE s2 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s2', 'format' = 'json');
EXECUTE STATEMENT SET
BEGIN
INSERT INTO s1 SELECT a, b FROM t WHERE a < 3;
INSERT INTO s2 SELECT a * 10, CASE WHEN b = 'x' THEN 'X' ELSE b END FROM t WHERE b IS NOT NULL;
END;
SELECT 's1' AS s, a, b FROM s1 UNION ALL SELECT 's2', a, b FROM s2;
