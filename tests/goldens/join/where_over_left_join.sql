-- compare: table
-- WHERE on the padded side makes it an inner join
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, rid FROM l LEFT JOIN r ON l.k = r.k WHERE r.w > 5;
