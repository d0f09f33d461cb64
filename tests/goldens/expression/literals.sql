-- literal types
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  1 AS c1,
  1.0 AS c2,
  1e0 AS c3,
  .5 AS c4,
  100000000000 AS c5,
  TRUE AS c6,
  'it''s' AS c7,
  U&'\00e9' AS c8,
  x'0aFF' AS c9,
  DATE '2024-02-29' AS c10,
  TIME '10:20:30' AS c11,
  TIMESTAMP '2024-01-01 00:00:00.123' AS c12,
  INTERVAL '1' DAY AS c13,
  INTERVAL '2' MONTH AS c14,
  CAST(NULL AS INT) AS c15,
  -1.50 AS c16
FROM t WHERE id = 1;
