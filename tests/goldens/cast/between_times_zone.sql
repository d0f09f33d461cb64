-- the same in America/New_York
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT id, CAST(da AS TIMESTAMP_LTZ(3)) AS a, CAST(ts AS TIMESTAMP_LTZ(3)) AS b, CAST(tz AS DATE) AS c, CAST(tz AS TIMESTAMP(3)) AS d, CAST(tz AS TIME) AS e, CAST(tz AS STRING) AS f FROM t WHERE id < 5;
