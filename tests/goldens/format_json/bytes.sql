-- BYTES is base64
CREATE TABLE t (
  id INT, bin BYTES
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/bytes.json', 'format' = 'json');
SELECT * FROM t;
