-- implicit conversion in arithmetic and concatenation
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  i + d AS c1,
  dc + i AS c2,
  t + dc AS c3,
  f + dc AS c4,
  st || 'x' AS c5,
  b * f AS c6,
  CAST(t AS DECIMAL(3, 0)) + b AS c7
FROM t;
