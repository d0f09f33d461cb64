-- DATE_FORMAT: Java patterns
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT
  id,
  DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss.SSS') AS c1,
  DATE_FORMAT(ts, 'dd/MM/yy') AS c2,
  DATE_FORMAT(ts, 'EEE, d MMM yyyy') AS c3,
  DATE_FORMAT(ts, 'h:mm a') AS c4,
  DATE_FORMAT(ts, 'DDD') AS c5,
  DATE_FORMAT(ts, '''at'' HH') AS c6,
  DATE_FORMAT(ts, 'yyyyMMddHHmmss') AS c7,
  DATE_FORMAT(tz, 'yyyy-MM-dd HH') AS c8,
  DATE_FORMAT('2024-01-05 01:02:03', 'MM/dd') AS c9,
  DATE_FORMAT(ts, 'QQQ') AS c10,
  DATE_FORMAT(ts, 'EEEE MMMM') AS c11,
  DATE_FORMAT(ts, 'M/d/yyyy H:m:s') AS c12
FROM t;
