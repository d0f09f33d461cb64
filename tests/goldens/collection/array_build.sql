-- ARRAY_APPEND, PREPEND, CONCAT, REMOVE, DISTINCT, UNION, JOIN
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  ARRAY_APPEND(a, 9) AS c1,
  ARRAY_PREPEND(a, 9) AS c2,
  ARRAY_CONCAT(a, a) AS c3,
  ARRAY_REMOVE(a, 1) AS c4,
  ARRAY_DISTINCT(a) AS c5,
  ARRAY_UNION(a, ARRAY[1, 9]) AS c6,
  ARRAY_JOIN(s, '-') AS c7,
  ARRAY_JOIN(s, '-', 'N') AS c8,
  ARRAY_APPEND(a, CAST(NULL AS INT)) AS c9
FROM t;
