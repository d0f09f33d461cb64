-- a filesystem table needs a format
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/many');
SELECT id FROM t;
