-- compare: rows
-- a folder: its files and those below; names that begin with . or _ are skipped
CREATE TABLE t (
  id INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/many', 'format' = 'json');
SELECT id FROM t;
