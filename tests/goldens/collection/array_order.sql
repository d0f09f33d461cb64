-- ARRAY_SORT, ARRAY_REVERSE, ARRAY_MAX, ARRAY_MIN, ARRAY_SLICE
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  ARRAY_SORT(a) AS c1,
  ARRAY_SORT(a, FALSE) AS c2,
  ARRAY_SORT(a, FALSE, TRUE) AS c3,
  ARRAY_REVERSE(a) AS c4,
  ARRAY_MAX(a) AS c5,
  ARRAY_MIN(a) AS c6,
  ARRAY_SLICE(a, 2) AS c7,
  ARRAY_SLICE(a, -2, -1) AS c8,
  ARRAY_SORT(s) AS c9,
  ARRAY_MAX(s) AS c10
FROM t;
