-- EXTRACT of DATE, TIME and TIMESTAMP_LTZ
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  EXTRACT(YEAR FROM da) AS c1,
  EXTRACT(WEEK FROM da) AS c2,
  EXTRACT(DOW FROM da) AS c3,
  EXTRACT(HOUR FROM ti) AS c4,
  EXTRACT(SECOND FROM ti) AS c5,
  EXTRACT(DAY FROM tz) AS c6,
  EXTRACT(HOUR FROM tz) AS c7
FROM t;
