-- precision and scale of results
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  dc + dc AS c1,
  dc * dc AS c2,
  dc - 1 AS c3,
  dc / 3 AS c4,
  i * dc AS c5,
  dc * 1.50 AS c6,
  dc / 7.5 AS c7,
  t * 0.908 AS c8,
  b * 0.908 AS c9,
  i + 1.5 AS c10,
  b / 2.0 AS c11,
  dc + f AS c12,
  MOD(dc, 0.7) AS c13,
  CAST(dc AS DECIMAL(38, 10)) * CAST(dc AS DECIMAL(38, 10)) AS c14,
  CAST(dc AS DECIMAL(20, 10)) + 1 AS c15
FROM t;
