-- fail-on-missing-field
CREATE TABLE t (
  a INT, v INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/missing.json', 'format' = 'json', 'json.fail-on-missing-field' = 'true');
SELECT * FROM t;
