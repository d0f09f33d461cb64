-- ARRAY_EXCEPT, ARRAY_INTERSECT
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  ARRAY_EXCEPT(a, ARRAY[1, 4]) AS c1,
  ARRAY_INTERSECT(a, ARRAY[1, 2, 5]) AS c2
FROM t WHERE id <> 4;
