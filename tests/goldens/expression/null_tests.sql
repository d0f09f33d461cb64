-- IS NULL, IS DISTINCT FROM, NULLIF
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  i IS NULL AS c1,
  st IS NOT NULL AS c2,
  i IS DISTINCT FROM 3 AS c3,
  i IS NOT DISTINCT FROM CAST(NULL AS INT) AS c4,
  NULLIF(i, 3) AS c5,
  NULLIF(st, '') AS c6,
  COALESCE(i, -1) AS c7,
  COALESCE(st, CAST(i AS STRING), 'none') AS c8,
  IFNULL(d, 0.0E0) AS c9,
  COALESCE(CAST(NULL AS INT), CAST(NULL AS INT)) AS c10
FROM t;
