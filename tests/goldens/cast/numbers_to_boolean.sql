-- every numeric type to BOOLEAN: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS BOOLEAN) AS c1,
  CAST(s AS BOOLEAN) AS c2,
  CAST(i AS BOOLEAN) AS c3,
  CAST(b AS BOOLEAN) AS c4,
  CAST(f AS BOOLEAN) AS c5,
  CAST(d AS BOOLEAN) AS c6,
  CAST(dc AS BOOLEAN) AS c7
FROM t;
