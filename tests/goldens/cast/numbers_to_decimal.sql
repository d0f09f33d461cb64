-- to DECIMAL(10, 2): half up; overflow gives NULL
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS DECIMAL(10, 2)) AS c1,
  CAST(s AS DECIMAL(10, 2)) AS c2,
  CAST(i AS DECIMAL(10, 2)) AS c3,
  CAST(b AS DECIMAL(10, 2)) AS c4,
  CAST(dc AS DECIMAL(10, 2)) AS c5,
  TRY_CAST(f AS DECIMAL(10, 2)) AS c6,
  TRY_CAST(d AS DECIMAL(10, 2)) AS c7
FROM t;
