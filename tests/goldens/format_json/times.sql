-- TIME
CREATE TABLE t (
  id INT, ti TIME
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/times.json', 'format' = 'json');
SELECT * FROM t;
