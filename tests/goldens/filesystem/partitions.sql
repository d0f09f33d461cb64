-- compare: rows
-- PARTITIONED BY: columns from folder names
CREATE TABLE t (
  id INT, dt STRING, h INT
) PARTITIONED BY (dt, h) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/parts', 'format' = 'json');
SELECT id, dt, h FROM t;
