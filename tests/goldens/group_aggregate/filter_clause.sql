-- FILTER (WHERE ...): unknown is not true
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, COUNT(*) FILTER (WHERE i > 0) AS c, SUM(i) FILTER (WHERE bo) AS s, MAX(st) FILTER (WHERE t <> 2) AS m FROM numbers GROUP BY k;
