-- compare: rows
-- FULL JOIN in batch mode
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, l.k AS lk, rid, r.k AS rk FROM l FULL JOIN r ON l.k = r.k;
