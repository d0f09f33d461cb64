-- JSON_VALUE
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_VALUE(j, '$.a') AS c1,
  JSON_VALUE(j, '$.b.c') AS c2,
  JSON_VALUE(j, '$.b.d[1]') AS c3,
  JSON_VALUE(j, '$.f') AS c4,
  JSON_VALUE(j, '$.t') AS c5,
  JSON_VALUE(j, '$[1]') AS c6,
  JSON_VALUE(j, '$') AS c7,
  JSON_VALUE(j, '$.big') AS c8,
  JSON_VALUE(j, '$[''k with blank'']') AS c9,
  JSON_VALUE(j, '$.e') AS c10
FROM t WHERE id NOT IN (5, 6);
