-- every type to VARCHAR(4)
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(t AS VARCHAR(4)) AS c1,
  CAST(s AS VARCHAR(4)) AS c2,
  CAST(i AS VARCHAR(4)) AS c3,
  CAST(b AS VARCHAR(4)) AS c4,
  CAST(f AS VARCHAR(4)) AS c5,
  CAST(d AS VARCHAR(4)) AS c6,
  CAST(dc AS VARCHAR(4)) AS c7,
  CAST(bo AS VARCHAR(4)) AS c8,
  CAST(st AS VARCHAR(4)) AS c9,
  CAST(da AS VARCHAR(4)) AS c10,
  CAST(ti AS VARCHAR(4)) AS c11,
  CAST(ts AS VARCHAR(4)) AS c12,
  CAST(tz AS VARCHAR(4)) AS c13
FROM t;
