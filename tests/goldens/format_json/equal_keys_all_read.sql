-- equal keys: a record is read until as many fields were found as the table has columns
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/names.json', 'format' = 'json');
SELECT * FROM t;
