-- YEAR, QUARTER, ... DAYOFWEEK
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  YEAR(da) AS c1,
  QUARTER(da) AS c2,
  MONTH(ts) AS c3,
  WEEK(da) AS c4,
  DAYOFYEAR(da) AS c5,
  DAYOFMONTH(ts) AS c6,
  DAYOFWEEK(da) AS c7,
  HOUR(ts) AS c8,
  MINUTE(ts) AS c9,
  SECOND(ts) AS c10
FROM t;
