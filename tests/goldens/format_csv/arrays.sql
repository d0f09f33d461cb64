-- ARRAY and ROW by array-element-delimiter
CREATE TABLE t (
  id INT, a ARRAY<INT>, b ARRAY<STRING>, r ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/arrays.csv', 'format' = 'csv', 'csv.array-element-delimiter' = ';');
SELECT * FROM t;
