-- FLOOR ... TO
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  FLOOR(ts TO YEAR) AS c1,
  FLOOR(ts TO QUARTER) AS c2,
  FLOOR(ts TO MONTH) AS c3,
  FLOOR(ts TO WEEK) AS c4,
  FLOOR(ts TO DAY) AS c5,
  FLOOR(ts TO HOUR) AS c6,
  FLOOR(ts TO MINUTE) AS c7,
  FLOOR(ts TO SECOND) AS c8,
  FLOOR(da TO MONTH) AS c9,
  FLOOR(ti TO MINUTE) AS c10
FROM t;
