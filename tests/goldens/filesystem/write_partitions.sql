-- compare: rows
-- a partitioned sink, read back
CREATE TABLE w (id INT, p STRING) PARTITIONED BY (p) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'json');
INSERT INTO w VALUES (1, 'x'), (2, 'y'), (3, 'x');
SELECT id, p FROM w;
