-- what DATE does not take
CREATE TABLE t (
  id INT, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/dates_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
