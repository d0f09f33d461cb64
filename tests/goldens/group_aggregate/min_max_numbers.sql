-- MIN and MAX of each numeric type
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, MIN(t) AS a, MAX(t) AS b, MIN(s) AS c, MAX(s) AS d, MIN(i) AS e, MAX(i) AS f, MIN(b) AS g, MAX(b) AS h, MIN(f) AS i, MAX(f) AS j, MIN(d) AS k1, MAX(d) AS l, MIN(dc) AS m, MAX(dc) AS n, MIN(big) AS o, MAX(big) AS p FROM numbers GROUP BY k;
