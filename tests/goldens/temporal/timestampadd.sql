-- TIMESTAMPADD
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  TIMESTAMPADD(MONTH, 1, ts) AS c1,
  TIMESTAMPADD(WEEK, -1, ts) AS c2,
  TIMESTAMPADD(DAY, 1, da) AS c3,
  TIMESTAMPADD(HOUR, 1, da) AS c4,
  TIMESTAMPADD(SECOND, 90, ti) AS c5,
  TIMESTAMPADD(YEAR, 1, da) AS c6,
  TIMESTAMPADD(QUARTER, 1, ts) AS c7
FROM t;
