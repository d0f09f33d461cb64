-- JSON_QUERY
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_QUERY(j, '$.b') AS c1,
  JSON_QUERY(j, '$.a') AS c2,
  JSON_QUERY(j, '$.a' WITH WRAPPER) AS c3,
  JSON_QUERY(j, '$.b.d') AS c4,
  JSON_QUERY(j, '$' WITH CONDITIONAL WRAPPER) AS c5,
  JSON_QUERY(j, '$.b.d[*]' WITH UNCONDITIONAL WRAPPER) AS c6,
  JSON_QUERY(j, '$.q' EMPTY ARRAY ON EMPTY) AS c7,
  JSON_QUERY(j, '$.q' EMPTY OBJECT ON ERROR) AS c8
FROM t WHERE id NOT IN (5, 6);
