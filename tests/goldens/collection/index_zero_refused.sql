-- a literal index 0 is refused
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT a[0] AS z FROM t;
