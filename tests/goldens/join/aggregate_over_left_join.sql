-- compare: table
-- an aggregate over a LEFT JOIN sees its deletes
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT l.k, COUNT(*) AS c, COUNT(rid) AS cr, SUM(w) AS s, MIN(w) AS m FROM l LEFT JOIN r ON l.k = r.k GROUP BY l.k;
