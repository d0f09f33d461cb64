-- around the daylight-saving change of New York
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), ts2 TIMESTAMP(3), da DATE, ti TIME, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT id, tz, CAST(ts AS TIMESTAMP_LTZ(3)) AS l, FLOOR(tz TO HOUR) AS fh, tz + INTERVAL '1' DAY AS p, EXTRACT(HOUR FROM tz) AS h, CAST(tz AS STRING) AS s FROM t WHERE id IN (1, 4, 8, 9);
