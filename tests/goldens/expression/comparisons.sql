-- comparison of mixed types
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  t < s AS c1,
  i = b AS c2,
  d > i AS c3,
  dc = 0 AS c4,
  dc >= f AS c5,
  bo = TRUE AS c6,
  st > '7' AS c7,
  da < DATE '2024-01-01' AS c8,
  ts > TIMESTAMP '2024-01-01 00:00:00' AS c9,
  ti < TIME '12:00:00' AS c10,
  i <> 3 AS c11,
  bo <> (i > 0) AS c12
FROM t;
