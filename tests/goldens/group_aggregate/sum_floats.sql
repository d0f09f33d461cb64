-- SUM of FLOAT and DOUBLE
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, SUM(f) AS f, SUM(d) AS d FROM numbers WHERE i IS NULL OR i < 2147483647 GROUP BY k;
