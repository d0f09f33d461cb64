-- a view over a view with column names
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE VIEW v1 AS SELECT a, UPPER(b) AS ub FROM t WHERE a > 0;
CREATE TEMPORARY VIEW v2 (k, n) AS SELECT ub, COUNT(*) FROM v1 GROUP BY ub;
SELECT k, n FROM v2;
