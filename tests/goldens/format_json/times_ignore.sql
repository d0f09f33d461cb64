-- TIME needs seconds
CREATE TABLE t (
  id INT, ti TIME
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
