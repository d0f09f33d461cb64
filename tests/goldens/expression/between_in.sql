-- BETWEEN, IN
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  i BETWEEN 0 AND 10 AS c1,
  i NOT BETWEEN 0 AND 10 AS c2,
  i BETWEEN SYMMETRIC 10 AND 0 AS c3,
  i IN (0, 3) AS c4,
  i NOT IN (0, NULL) AS c5,
  st IN ('7', 'abc') AS c6,
  dc IN (0, 12.345) AS c7,
  b IN (0, 4) AS c8,
  da IN (DATE '2024-02-29') AS c9
FROM t;
