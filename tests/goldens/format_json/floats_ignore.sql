-- bad floats
CREATE TABLE t (
  id INT, f FLOAT, d DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/floats_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
