-- every numeric type to SMALLINT: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS SMALLINT) AS c1,
  CAST(s AS SMALLINT) AS c2,
  CAST(i AS SMALLINT) AS c3,
  CAST(b AS SMALLINT) AS c4,
  CAST(f AS SMALLINT) AS c5,
  CAST(d AS SMALLINT) AS c6,
  CAST(dc AS SMALLINT) AS c7,
  CAST(bo AS SMALLINT) AS c8
FROM t;
