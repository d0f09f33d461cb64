-- true and any case of "true"; everything else is FALSE
CREATE TABLE t (
  id INT, bo BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/booleans.json', 'format' = 'json');
SELECT * FROM t;
