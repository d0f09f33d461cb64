-- every type to CHAR(6)
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS CHAR(6)) AS c1,
  CAST(s AS CHAR(6)) AS c2,
  CAST(i AS CHAR(6)) AS c3,
  CAST(b AS CHAR(6)) AS c4,
  CAST(f AS CHAR(6)) AS c5,
  CAST(d AS CHAR(6)) AS c6,
  CAST(dc AS CHAR(6)) AS c7,
  CAST(bo AS CHAR(6)) AS c8,
  CAST(st AS CHAR(6)) AS c9,
  CAST(da AS CHAR(6)) AS c10,
  CAST(ti AS CHAR(6)) AS c11,
  CAST(ts AS CHAR(6)) AS c12,
  CAST(tz AS CHAR(6)) AS c13
FROM t;
