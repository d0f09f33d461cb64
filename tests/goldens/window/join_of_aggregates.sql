-- compare: rows
-- window join of two window aggregates (as Nexmark q5, q8)
CREATE TABLE l (
  lid INT, k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT A.k, A.c, B.c AS rc, A.ws FROM (SELECT k, window_start AS ws, window_end AS we, COUNT(*) AS c FROM TABLE(HOP(TABLE l, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end) A JOIN (SELECT k, window_start AS ws, window_end AS we, COUNT(*) AS c FROM TABLE(HOP(TABLE r, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end) B ON A.k = B.k AND A.ws = B.ws AND A.we = B.we;
