-- every numeric type to FLOAT: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS FLOAT) AS c1,
  CAST(s AS FLOAT) AS c2,
  CAST(i AS FLOAT) AS c3,
  CAST(b AS FLOAT) AS c4,
  CAST(f AS FLOAT) AS c5,
  CAST(d AS FLOAT) AS c6,
  CAST(dc AS FLOAT) AS c7,
  CAST(bo AS FLOAT) AS c8
FROM t;
