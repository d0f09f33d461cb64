-- compare: table
-- LEFT JOIN of two aggregates
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT A.k AS ak, A.c, A.s, B.k AS bk, B.m FROM (SELECT k, COUNT(*) AS c, SUM(v) AS s FROM l GROUP BY k) A LEFT JOIN (SELECT k, MAX(w) AS m FROM r GROUP BY k) B ON A.k = B.k;
