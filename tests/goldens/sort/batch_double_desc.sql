-- ORDER BY in batch mode: NULL sorts lowest unless told
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE mixed (
  id INT, s STRING, d DOUBLE, dc DECIMAL(10, 2), b BOOLEAN, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/mixed.json', 'format' = 'json');
SELECT id, s, d, dc, b, ts FROM mixed ORDER BY d DESC NULLS LAST, id;
