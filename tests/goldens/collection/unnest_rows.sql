-- UNNEST of an array of rows gives columns
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT id, p, q FROM t CROSS JOIN UNNEST(ARRAY[ROW(id, 'a'), ROW(id * 10, 'b')]) AS u(p, q);
