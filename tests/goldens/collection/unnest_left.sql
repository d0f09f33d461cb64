-- LEFT JOIN UNNEST keeps empty and NULL arrays
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT id, e FROM t LEFT JOIN UNNEST(s) AS u(e) ON TRUE;
