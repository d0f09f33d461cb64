-- what an integer column cannot take is NULL with ignore-parse-errors
CREATE TABLE t (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/integers_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
