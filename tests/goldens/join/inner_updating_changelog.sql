-- compare: rows
-- arrival: right.json left.json
-- INNER JOIN, an updating left input arrives later
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT A.k, A.c, rid FROM (SELECT k, COUNT(*) AS c FROM l GROUP BY k) A JOIN r ON A.k = r.k;
