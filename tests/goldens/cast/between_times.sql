-- DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ to each other
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(da AS TIMESTAMP(3)) AS c1,
  CAST(da AS TIMESTAMP_LTZ(3)) AS c2,
  CAST(ts AS DATE) AS c3,
  CAST(ts AS TIMESTAMP(0)) AS c4,
  CAST(ts AS TIMESTAMP(6)) AS c5,
  CAST(ts AS TIMESTAMP_LTZ(3)) AS c6,
  CAST(tz AS DATE) AS c7,
  CAST(tz AS TIMESTAMP(3)) AS c8,
  CAST(tz AS TIMESTAMP_LTZ(0)) AS c9,
  CAST(tz AS TIME) AS c10
FROM t;
