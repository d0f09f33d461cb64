-- compare: table
-- EXISTS without correlation
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT lid FROM l WHERE EXISTS (SELECT * FROM r WHERE w > 45);
