-- what TIMESTAMP does not take
CREATE TABLE t (
  id INT, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/timestamps_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
