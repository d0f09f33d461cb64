-- intervals to text
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(INTERVAL '1 02:03:04.5' DAY TO SECOND AS STRING) AS c1,
  CAST(INTERVAL '1-2' YEAR TO MONTH AS STRING) AS c2,
  CAST(INTERVAL '10' DAY AS STRING) AS c3
FROM t WHERE id = 1;
