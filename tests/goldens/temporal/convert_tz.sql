-- CONVERT_TZ
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  CONVERT_TZ('2024-03-10 02:30:00', 'America/New_York', 'UTC') AS c1,
  CONVERT_TZ('2024-11-03 01:30:00', 'America/New_York', 'UTC') AS c2,
  CONVERT_TZ('2024-01-01 00:00:00', 'UTC', 'Asia/Kolkata') AS c3,
  CONVERT_TZ('2024-01-01 00:00:00', 'UTC', 'GMT+08:00') AS c4,
  CONVERT_TZ('bad', 'UTC', 'UTC') AS c5
FROM t WHERE id = 1;
