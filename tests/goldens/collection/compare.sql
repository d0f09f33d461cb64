-- equality of arrays, rows and maps
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT id, a = ARRAY[7] AS ae, r = ROW(1, 'p') AS re, a <> ARRAY[7] AS an FROM t;
