-- compare: rows
-- arrival: left.json right.json
-- LEFT JOIN, an updating right input arrives later: null padding leaves and updates come as -D and +I
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, l.k AS lk, B.m FROM l LEFT JOIN (SELECT k, COUNT(*) AS m FROM r GROUP BY k) B ON l.k = B.k;
