-- plus and minus intervals: month ends
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  ts + INTERVAL '1' MONTH AS c1,
  ts - INTERVAL '1' YEAR AS c2,
  da + INTERVAL '1' MONTH AS c3,
  da - INTERVAL '1' DAY AS c4,
  ts + INTERVAL '1 02:03:04.005' DAY TO SECOND AS c5,
  ti + INTERVAL '2' HOUR AS c6,
  ti - INTERVAL '13' HOUR AS c7,
  ts + INTERVAL '10' SECOND * 3 AS c8,
  da + INTERVAL '12' HOUR AS c9,
  tz + INTERVAL '1' DAY AS c10
FROM t;
