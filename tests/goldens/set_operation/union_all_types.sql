-- compare: rows
-- columns take the common type
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT k, v FROM l UNION ALL SELECT k, w * 1.5 FROM r;
