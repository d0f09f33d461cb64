-- every type to STRING
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS STRING) AS c1,
  CAST(s AS STRING) AS c2,
  CAST(i AS STRING) AS c3,
  CAST(b AS STRING) AS c4,
  CAST(f AS STRING) AS c5,
  CAST(d AS STRING) AS c6,
  CAST(dc AS STRING) AS c7,
  CAST(bo AS STRING) AS c8,
  CAST(st AS STRING) AS c9,
  CAST(da AS STRING) AS c10,
  CAST(ti AS STRING) AS c11,
  CAST(ts AS STRING) AS c12,
  CAST(tz AS STRING) AS c13
FROM t;
