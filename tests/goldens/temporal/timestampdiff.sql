-- TIMESTAMPDIFF
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  TIMESTAMPDIFF(YEAR, ts, ts2) AS c1,
  TIMESTAMPDIFF(QUARTER, ts, ts2) AS c2,
  TIMESTAMPDIFF(MONTH, ts, ts2) AS c3,
  TIMESTAMPDIFF(WEEK, ts, ts2) AS c4,
  TIMESTAMPDIFF(DAY, ts, ts2) AS c5,
  TIMESTAMPDIFF(HOUR, ts, ts2) AS c6,
  TIMESTAMPDIFF(MINUTE, ts, ts2) AS c7,
  TIMESTAMPDIFF(SECOND, ts, ts2) AS c8,
  TIMESTAMPDIFF(DAY, da, ts2) AS c9,
  TIMESTAMPDIFF(MONTH, da, CAST(ts2 AS DATE)) AS c10
FROM t;
