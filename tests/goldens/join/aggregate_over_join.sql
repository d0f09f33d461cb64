-- compare: table
-- MAX over a join, AVG over that (as Nexmark q4)
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT k, AVG(m) AS a FROM (SELECT l.k, l.lid, MAX(w) AS m FROM l JOIN r ON l.k = r.k GROUP BY l.k, l.lid) GROUP BY k;
