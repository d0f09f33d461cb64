-- a missing path fails
CREATE TABLE t (
  id INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/nowhere', 'format' = 'json');
SELECT id FROM t;
