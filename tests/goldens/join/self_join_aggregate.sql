-- compare: table
-- an aggregate joined with its own input (as Nexmark q7)
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
SELECT l.lid, l.k, l.v FROM l JOIN (SELECT k, MAX(v) AS m FROM l GROUP BY k) M ON l.k = M.k AND l.v = M.m;
