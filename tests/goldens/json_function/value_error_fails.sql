-- ERROR ON ERROR fails the job
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_VALUE(j, 'strict $.q' ERROR ON ERROR) AS c1
FROM t;
