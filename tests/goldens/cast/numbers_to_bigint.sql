-- every numeric type to BIGINT: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS BIGINT) AS c1,
  CAST(s AS BIGINT) AS c2,
  CAST(i AS BIGINT) AS c3,
  CAST(b AS BIGINT) AS c4,
  CAST(f AS BIGINT) AS c5,
  CAST(d AS BIGINT) AS c6,
  CAST(dc AS BIGINT) AS c7,
  CAST(bo AS BIGINT) AS c8
FROM t;
