-- compare: table
-- UNION ALL of updating inputs
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../join/data/right.json', 'format' = 'json');
SELECT k, COUNT(*) AS c FROM l GROUP BY k UNION ALL SELECT k, COUNT(*) FROM r GROUP BY k;
