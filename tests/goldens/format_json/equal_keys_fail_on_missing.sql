-- and with fail-on-missing-field
CREATE TABLE t (
  a INT, z INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/equal_keys.json', 'format' = 'json', 'json.fail-on-missing-field' = 'true');
SELECT * FROM t;
