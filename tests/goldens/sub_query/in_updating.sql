-- compare: table
-- IN over an updating sub-query
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT lid, k FROM l WHERE v IN (SELECT COUNT(*) FROM r GROUP BY k);
