-- ARRAY, MAP, ROW in each other; missing and unknown fields
CREATE TABLE t (
  id INT, a ARRAY<ROW<x INT, y ARRAY<STRING>>>, m MAP<STRING, ROW<p DOUBLE>>, r ROW<q ROW<z BOOLEAN, w MAP<STRING, ARRAY<INT>>>>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/nested.json', 'format' = 'json');
SELECT id, a, m, r, r.q.z AS z, a[1].x AS ax, CARDINALITY(m) AS c FROM t;
