-- ORDER BY an alias and a column that is not selected
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE mixed (
  id INT, s STRING, d DOUBLE, dc DECIMAL(10, 2), b BOOLEAN, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/mixed.json', 'format' = 'json');
SELECT id * 2 AS twice FROM mixed ORDER BY dc, twice DESC;
