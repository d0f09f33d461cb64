-- every numeric type to TINYINT: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS TINYINT) AS c1,
  CAST(s AS TINYINT) AS c2,
  CAST(i AS TINYINT) AS c3,
  CAST(b AS TINYINT) AS c4,
  CAST(f AS TINYINT) AS c5,
  CAST(d AS TINYINT) AS c6,
  CAST(dc AS TINYINT) AS c7,
  CAST(bo AS TINYINT) AS c8
FROM t;
