-- differences
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  (ts2 - ts) DAY TO SECOND AS c1,
  ts2 > ts AS c2,
  (ts, INTERVAL '1' DAY) OVERLAPS (ts2, INTERVAL '1' DAY) AS c3
FROM t;
