-- compare: table
-- IS NOT DISTINCT FROM matches NULL with NULL
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, rid FROM l JOIN r ON l.k IS NOT DISTINCT FROM r.k;
