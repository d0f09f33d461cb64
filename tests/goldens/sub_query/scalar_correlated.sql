-- compare: table
-- correlated scalar aggregate
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT lid, k, (SELECT SUM(w) FROM r WHERE r.k = l.k) AS s FROM l;
