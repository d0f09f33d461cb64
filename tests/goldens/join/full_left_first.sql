-- compare: rows
-- arrival: left.json right.json
-- FULL JOIN: all left rows arrive before the right ones; the changelog in order
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, l.k AS lk, v, rid, r.k AS rk, w FROM l FULL JOIN r ON l.k = r.k;
