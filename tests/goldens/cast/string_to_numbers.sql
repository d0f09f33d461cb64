-- TRY_CAST of text to every numeric type
CREATE TABLE t (
  id INT, st STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strings.json', 'format' = 'json');
SELECT
  id,
  st AS c1,
  TRY_CAST(st AS TINYINT) AS c2,
  TRY_CAST(st AS SMALLINT) AS c3,
  TRY_CAST(st AS INT) AS c4,
  TRY_CAST(st AS BIGINT) AS c5,
  TRY_CAST(st AS FLOAT) AS c6,
  TRY_CAST(st AS DOUBLE) AS c7,
  TRY_CAST(st AS DECIMAL(10, 2)) AS c8,
  TRY_CAST(st AS BOOLEAN) AS c9
FROM t;
