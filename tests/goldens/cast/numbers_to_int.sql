-- every numeric type to INT: integers wrap, floats saturate first
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS INT) AS c1,
  CAST(s AS INT) AS c2,
  CAST(i AS INT) AS c3,
  CAST(b AS INT) AS c4,
  CAST(f AS INT) AS c5,
  CAST(d AS INT) AS c6,
  CAST(dc AS INT) AS c7,
  CAST(bo AS INT) AS c8
FROM t;
