-- fail-on-missing-field: an explicit null is not missing
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/missing_null.json', 'format' = 'json', 'json.fail-on-missing-field' = 'true');
SELECT * FROM t;
