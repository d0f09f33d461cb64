-- CEIL ... TO
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  CEIL(ts TO YEAR) AS c1,
  CEIL(ts TO QUARTER) AS c2,
  CEIL(ts TO MONTH) AS c3,
  CEIL(ts TO WEEK) AS c4,
  CEIL(ts TO DAY) AS c5,
  CEIL(ts TO HOUR) AS c6,
  CEIL(ts TO MINUTE) AS c7,
  CEIL(ts TO SECOND) AS c8,
  CEIL(da TO YEAR) AS c9
FROM t WHERE id <> 7;
