-- compare: table
-- correlated NOT EXISTS
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT lid, k FROM l WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.k = l.k);
