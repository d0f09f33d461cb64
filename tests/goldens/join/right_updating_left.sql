-- compare: table
-- RIGHT JOIN whose left input is an aggregate: updates retract
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT A.k AS ak, A.c, rid, w FROM (SELECT k, COUNT(*) AS c FROM l GROUP BY k) A RIGHT JOIN r ON A.k = r.k;
