-- compare: rows
-- EXCEPT, in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT k FROM l EXCEPT SELECT k FROM r;
