-- ROUND, TRUNCATE, FLOOR, CEIL, ABS, SIGN
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  ROUND(dc, 1) AS c1,
  ROUND(dc) AS c2,
  ROUND(i, -2) AS c3,
  ROUND(d, 0) AS c4,
  TRUNCATE(dc, 1) AS c5,
  TRUNCATE(d) AS c6,
  FLOOR(dc) AS c7,
  CEIL(dc) AS c8,
  FLOOR(d) AS c9,
  CEIL(f) AS c10,
  ABS(i) AS c11,
  ABS(dc) AS c12,
  SIGN(dc) AS c13,
  SIGN(i) AS c14,
  ABS(t) AS c15,
  CEIL(i) AS c16
FROM t WHERE id IN (1, 5, 6);
