-- OPTIONS hint
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT a FROM t /*+ OPTIONS('json.ignore-parse-errors' = 'true') */ WHERE a < 2;
