-- lines that are no JSON objects are dropped with ignore-parse-errors
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/not_objects.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
