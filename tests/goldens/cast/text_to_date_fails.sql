-- CAST of bad text fails the job
CREATE TABLE t (
  id INT, st STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strings.json', 'format' = 'json');
SELECT
  id,
  CAST(st AS DATE) AS c1
FROM t;
