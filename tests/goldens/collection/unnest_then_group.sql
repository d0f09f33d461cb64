-- UNNEST then GROUP BY
CREATE TABLE t (
  id INT, a ARRAY<INT>, s ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/items.json', 'format' = 'json');
SELECT e, COUNT(*) AS c FROM t CROSS JOIN UNNEST(s) AS u(e) GROUP BY e;
