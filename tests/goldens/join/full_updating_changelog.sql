-- compare: rows
-- arrival: left.json right.json
-- FULL JOIN of two aggregates, left first
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT A.k AS ak, A.c, B.k AS bk, B.m FROM (SELECT k, COUNT(*) AS c FROM l GROUP BY k) A FULL JOIN (SELECT k, MAX(w) AS m FROM r GROUP BY k) B ON A.k = B.k;
