-- compare: table
-- LEFT JOIN ... WHERE right IS NULL
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, l.k FROM l LEFT JOIN r ON l.k = r.k WHERE r.rid IS NULL;
