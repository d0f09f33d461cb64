-- ORDER BY an aggregate
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE mixed (
  id INT, s STRING, d DOUBLE, dc DECIMAL(10, 2), b BOOLEAN, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/mixed.json', 'format' = 'json');
SELECT b, COUNT(*) AS c, MAX(s) AS m FROM mixed GROUP BY b ORDER BY c DESC, b;
