-- ARRAY_CONTAINS, ARRAY_POSITION
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  ARRAY_CONTAINS(a, 1) AS c1,
  ARRAY_CONTAINS(a, CAST(NULL AS INT)) AS c2,
  ARRAY_POSITION(a, 1) AS c3,
  ARRAY_POSITION(s, 'x') AS c4,
  ARRAY_CONTAINS(a, a[1]) AS c5
FROM t;
