-- every type from its usual spelling
CREATE TABLE t (
  id INT, bo BOOLEAN, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, d DOUBLE, dc DECIMAL(10, 2), st STRING, vc VARCHAR(5), bin BYTES,
  da DATE, ti TIME, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3), ar ARRAY<INT>, ma MAP<STRING, INT>, ro ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/all_types.json', 'format' = 'json');
SELECT * FROM t;
