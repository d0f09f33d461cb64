-- CARDINALITY
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  CARDINALITY(a) AS c1,
  CARDINALITY(m) AS c2,
  CARDINALITY(s) AS c3
FROM t;
