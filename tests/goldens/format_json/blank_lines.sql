-- blank lines are dropped
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/blank.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
