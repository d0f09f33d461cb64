-- IN a list with NULL
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
SELECT lid, v IN (1, 2, NULL) AS i, v NOT IN (1, 2) AS n, k IN ('a', 'zz') AS t FROM l;
