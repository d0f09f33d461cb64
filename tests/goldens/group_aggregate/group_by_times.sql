-- keys of DATE, TIME, TIMESTAMP
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT da, ti, ts, COUNT(*) AS c FROM numbers GROUP BY da, ti, ts;
