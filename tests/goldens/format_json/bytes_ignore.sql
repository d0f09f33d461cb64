-- what is no base64
CREATE TABLE t (
  id INT, bin BYTES
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/bytes_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
