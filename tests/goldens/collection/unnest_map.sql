-- compare: rows
-- UNNEST of a map
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT id, k, v FROM t CROSS JOIN UNNEST(m) AS u(k, v);
