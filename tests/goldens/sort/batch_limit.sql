-- ORDER BY LIMIT OFFSET in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE mixed (
  id INT, s STRING, d DOUBLE, dc DECIMAL(10, 2), b BOOLEAN, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/mixed.json', 'format' = 'json');
SELECT id, s FROM mixed ORDER BY s DESC, id LIMIT 3 OFFSET 2;
