-- EXP, LN, LOG, POWER, SQRT, trigonometry
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  EXP(f) AS c1,
  LN(ABS(d) + 1) AS c2,
  LOG10(ABS(i) + 1.0E0) AS c3,
  LOG(2, ABS(i) + 1.0E0) AS c4,
  LOG2(ABS(i) + 1.0E0) AS c5,
  POWER(2, t) AS c6,
  POWER(dc, 2) AS c7,
  SQRT(ABS(i) + 0.0E0) AS c8,
  SIN(dc) AS c9,
  ATAN2(d, 1.0E0) AS c10,
  COSH(f) AS c11,
  DEGREES(PI()) AS c12,
  RADIANS(dc) AS c13,
  HEX(i) AS c14,
  BIN(t) AS c15
FROM t WHERE id IN (1, 3, 5, 6);
