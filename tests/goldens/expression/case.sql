-- CASE: types and laziness
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  CASE WHEN i > 0 THEN 'positive' WHEN i < 0 THEN 'neg' ELSE 'z' END AS c1,
  CASE i WHEN 3 THEN 'three' WHEN 0 THEN 'zero' END AS c2,
  CASE WHEN bo THEN 1 ELSE 2.5 END AS c3,
  CASE WHEN bo THEN i ELSE b END AS c4,
  CASE WHEN i <> 0 THEN 10 / i ELSE 0 END AS c5,
  CASE WHEN bo THEN st END AS c6,
  IF(bo, i, -1) AS c7,
  IF(i > 0, st, 'no') AS c8,
  CASE WHEN bo THEN da ELSE DATE '2000-01-01' END AS c9,
  CASE WHEN i = 0 THEN NULL WHEN bo THEN dc ELSE 1 END AS c10
FROM t;
