-- no FROM
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT 1 AS n1, 'a' || 'b' AS ab, CAST(NULL AS INT) AS n;
