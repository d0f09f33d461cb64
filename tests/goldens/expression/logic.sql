-- three-valued logic
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  bo AND (i > 0) AS c1,
  bo OR (i > 0) AS c2,
  NOT bo AS c3,
  bo IS TRUE AS c4,
  bo IS NOT TRUE AS c5,
  bo IS FALSE AS c6,
  bo IS UNKNOWN AS c7,
  (i > 0) IS NOT UNKNOWN AS c8,
  bo AND CAST(NULL AS BOOLEAN) AS c9,
  bo OR CAST(NULL AS BOOLEAN) AS c10
FROM t;
