-- ARRAY, MAP, ROW to text and element casts
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/values.json', 'format' = 'json');
SELECT
  id,
  CAST(ARRAY[i, 1] AS STRING) AS c1,
  CAST(ARRAY[d] AS ARRAY<INT>) AS c2,
  CAST(MAP['k', b] AS STRING) AS c3,
  CAST(ROW(i, st, bo) AS STRING) AS c4,
  CAST(ROW(i, st) AS ROW<a BIGINT, b CHAR(2)>) AS c5,
  CAST(ARRAY[ts] AS STRING) AS c6,
  CAST(MAP[st, ARRAY[i]] AS STRING) AS c7
FROM t WHERE st IS NOT NULL;
