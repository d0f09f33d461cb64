-- compare: table
-- scalar sub-query in WHERE
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
SELECT lid, v FROM l WHERE v > (SELECT AVG(v) FROM l);
