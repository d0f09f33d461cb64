-- compare: rows
-- arrival: right.json left.json
-- INNER JOIN: all right rows arrive before the left ones
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, l.k AS lk, v, rid, r.k AS rk, w FROM l INNER JOIN r ON l.k = r.k;
