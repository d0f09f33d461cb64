-- JSON_VALUE RETURNING
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_VALUE(j, '$.a' RETURNING STRING) AS c1,
  JSON_VALUE(j, '$.f' RETURNING DOUBLE) AS c2,
  JSON_VALUE(j, '$.t' RETURNING BOOLEAN) AS c3
FROM t WHERE id IN (1, 7, 9);
