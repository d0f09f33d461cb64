-- GREATEST and LEAST: NULL if any is NULL
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  GREATEST(t, s, i) AS c1,
  LEAST(i, b) AS c2,
  GREATEST(d, f) AS c3,
  LEAST(st, 'm') AS c4,
  GREATEST(dc, 1.5) AS c5,
  GREATEST(da, DATE '2000-01-01') AS c6
FROM t WHERE id <> 2;
