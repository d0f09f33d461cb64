-- every numeric type to DOUBLE: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS DOUBLE) AS c1,
  CAST(s AS DOUBLE) AS c2,
  CAST(i AS DOUBLE) AS c3,
  CAST(b AS DOUBLE) AS c4,
  CAST(f AS DOUBLE) AS c5,
  CAST(d AS DOUBLE) AS c6,
  CAST(dc AS DOUBLE) AS c7,
  CAST(bo AS DOUBLE) AS c8
FROM t;
