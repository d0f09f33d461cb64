-- TIMESTAMP_LTZ needs the trailing Z; printed in the session zone
CREATE TABLE t (
  id INT, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/ltz.json', 'format' = 'json');
SELECT * FROM t;
