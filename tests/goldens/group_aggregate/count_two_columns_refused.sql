-- COUNT of two columns is refused
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, COUNT(st, bo) AS c FROM numbers GROUP BY k;
