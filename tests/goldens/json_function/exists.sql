-- JSON_EXISTS
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_EXISTS(j, '$.a') AS c1,
  JSON_EXISTS(j, '$.b.d[2].e') AS c2,
  JSON_EXISTS(j, 'strict $.q' TRUE ON ERROR) AS c3,
  JSON_EXISTS(j, '$[3].k') AS c4,
  JSON_EXISTS(j, 'strict $.q' UNKNOWN ON ERROR) AS c5
FROM t;
