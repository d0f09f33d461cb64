-- MAP_KEYS, MAP_VALUES, MAP_ENTRIES (one entry)
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT
  id,
  MAP_KEYS(m) AS c1,
  MAP_VALUES(m) AS c2,
  MAP_ENTRIES(m) AS c3,
  CARDINALITY(MAP_KEYS(m)) AS c4
FROM t WHERE id IN (2, 3, 4, 5);
