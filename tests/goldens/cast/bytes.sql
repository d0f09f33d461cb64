-- text and numbers to BYTES and back
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(st AS BYTES) AS c1,
  CAST(CAST(st AS BYTES) AS STRING) AS c2,
  CAST(st AS BINARY(3)) AS c3,
  CAST(st AS VARBINARY(2)) AS c4,
  CAST(x'4142' AS STRING) AS c5
FROM t;
