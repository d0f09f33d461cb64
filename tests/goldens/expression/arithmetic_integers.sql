-- integers widen and wrap
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  t + s AS c1,
  t * t AS c2,
  i + 1 AS c3,
  i * 2 AS c4,
  b + 1 AS c5,
  i - b AS c6,
  -i AS c7,
  -t AS c8,
  t / 2 AS c9,
  i / 7 AS c10,
  b / 3 AS c11,
  MOD(i, 7) AS c12,
  i % -3 AS c13,
  MOD(t, 3) AS c14
FROM t;
