-- DATE
CREATE TABLE t (
  id INT, da DATE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/dates.json', 'format' = 'json');
SELECT * FROM t;
