-- ARRAY[], MAP[], ROW()
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  ARRAY[id, 1, CAST(NULL AS INT)] AS c1,
  MAP['a', id, 'b', 2]['a'] AS c2,
  ROW(id, 'x', a) AS c3,
  ARRAY[ROW(id, 1), ROW(2, 3)] AS c4,
  ARRAY[a, ARRAY[1]] AS c5,
  MAP['k', a] AS c6
FROM t;
