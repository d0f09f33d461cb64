-- compare: table
-- WITH, used twice
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
WITH x AS (SELECT k, COUNT(*) AS c FROM l GROUP BY k) SELECT a.k, a.c, b.c AS d FROM x a JOIN x b ON a.k = b.k;
