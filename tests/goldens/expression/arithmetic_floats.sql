-- FLOAT and DOUBLE
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  f + 1 AS c1,
  f * d AS c2,
  d / 3 AS c3,
  d / 0.0E0 AS c4,
  f / i AS c5,
   d - f AS c6,
  MOD(dc, 2) AS c7
FROM t WHERE i IS NULL OR i <> 0;
