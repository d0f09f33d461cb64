-- element access: missing is NULL
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  a[1] AS c1,
  a[id] AS c2,
  a[9] AS c3,
  m['k'] AS c4,
  m['none'] AS c5,
  r.x AS c6,
  t.r.y AS c7,
  s[1] AS c8,
  ELEMENT(ARRAY[id]) AS c9
FROM t;
