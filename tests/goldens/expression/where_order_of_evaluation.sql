-- a filter protects what follows only by itself: AND stops at FALSE
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 3), st STRING,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../cast/data/values.json', 'format' = 'json');
SELECT
  id,
  i AS c1
FROM t WHERE i <> 0 AND 10 / i > 1;
