-- bad decimals
CREATE TABLE t (
  id INT, b DECIMAL(10, 2)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/decimals_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
