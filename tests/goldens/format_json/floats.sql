-- FLOAT and DOUBLE
CREATE TABLE t (
  id INT, f FLOAT, d DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/floats.json', 'format' = 'json');
SELECT * FROM t;
