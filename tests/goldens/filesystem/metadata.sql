-- compare: rows
-- metadata columns: file.name, file.size
CREATE TABLE t (
  id INT, name STRING METADATA FROM 'file.name', size BIGINT METADATA FROM 'file.size' VIRTUAL
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/many', 'format' = 'json');
SELECT id, name, size FROM t;
