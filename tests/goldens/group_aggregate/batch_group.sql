-- compare: rows
-- group aggregation in batch mode: one row a group
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE numbers (
  k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), big DECIMAL(38, 10),
  st STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/numbers.json', 'format' = 'json');
SELECT k, COUNT(*) AS c, SUM(i) AS s, AVG(d) AS a, MIN(st) AS mi, MAX(ts) AS ma, COUNT(DISTINCT st) AS cd FROM numbers WHERE d IS NULL OR d < 1e300 GROUP BY k;
