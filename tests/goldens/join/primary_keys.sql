-- compare: table
-- inputs with primary keys (NOT ENFORCED) and an aggregate on the key
CREATE TABLE l (
  lid INT, k STRING, v INT, PRIMARY KEY (lid) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, COUNT(rid) AS c FROM l LEFT JOIN r ON l.k = r.k GROUP BY lid;
