-- compare: table
-- CROSS JOIN
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, rid FROM l CROSS JOIN r WHERE lid < 3 AND rid < 104;
