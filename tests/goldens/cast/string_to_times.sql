-- TRY_CAST of text to dates and times
CREATE TABLE t (
  id INT, st STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  st AS c1,
  TRY_CAST(st AS DATE) AS c2,
  TRY_CAST(st AS TIME) AS c3,
  TRY_CAST(st AS TIMESTAMP(3)) AS c4,
  TRY_CAST(st AS TIMESTAMP(0)) AS c5,
  TRY_CAST(st AS TIMESTAMP(9)) AS c6,
  TRY_CAST(st AS TIMESTAMP_LTZ(3)) AS c7
FROM t;
