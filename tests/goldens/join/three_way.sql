-- compare: table
-- three inputs, mixed kinds
CREATE TABLE l (
  lid INT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, w INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT l.lid, r.rid, x.lid AS xid FROM l LEFT JOIN r ON l.k = r.k LEFT JOIN (SELECT lid, v FROM l WHERE v > 1) x ON r.w = x.v;
