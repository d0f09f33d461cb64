-- compare: rows
-- a filter on partitions
CREATE TABLE t (
  id INT, dt STRING, h INT
) PARTITIONED BY (dt, h) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/parts', 'format' = 'json');
SELECT id, h FROM t WHERE dt = '2024-01-01' AND h > 1;
