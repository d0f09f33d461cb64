-- nested derived tables with aliases
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
SELECT q.k, q.n FROM (SELECT p.k, p.c + 1 AS n FROM (SELECT k, COUNT(*) AS c FROM l GROUP BY k) AS p) AS q WHERE q.n > 2;
