-- MIN and MAX of text (bytes order), booleans, dates, times, timestamps
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, MIN(st) AS a, MAX(st) AS b, MIN(bo) AS c, MAX(bo) AS d, MIN(da) AS e, MAX(da) AS f, MIN(ti) AS g, MAX(ti) AS h, MIN(ts) AS i, MAX(ts) AS j FROM numbers GROUP BY k;
