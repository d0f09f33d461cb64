-- compare: table
-- equal rows on both sides multiply
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT x.k, y.k AS yk FROM (SELECT k FROM l) x JOIN (SELECT k FROM l) y ON x.k = y.k;
