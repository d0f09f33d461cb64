-- comparison of temporal types
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  ts < ts2 AS c1,
  da = DATE '2024-02-29' AS c2,
  ti > TIME '12:00:00' AS c3,
  ts = tz AS c4,
  tz > TO_TIMESTAMP_LTZ(0, 3) AS c5,
  ts BETWEEN TIMESTAMP '2024-01-01 00:00:00' AND TIMESTAMP '2025-01-01 00:00:00' AS c6
FROM t;
