-- compare: rows
-- window anti join (NOT EXISTS)
CREATE TABLE l (
  lid INT, k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/left.json', 'format' = 'json');
CREATE TABLE r (
  rid INT, k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/right.json', 'format' = 'json');
SELECT lid, k, window_start FROM (SELECT * FROM TABLE(TUMBLE(TABLE l, DESCRIPTOR(ts), INTERVAL '5' SECOND))) L WHERE NOT EXISTS (SELECT * FROM (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(ts), INTERVAL '5' SECOND))) R WHERE L.k = R.k AND L.window_start = R.window_start AND L.window_end = R.window_end);
