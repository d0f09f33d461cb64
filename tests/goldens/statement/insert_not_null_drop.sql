-- compare: rows
-- NULL into a NOT NULL column is dropped with the DROP enforcer
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SET 'table.exec.sink.not-null-enforcer' = 'DROP';
CREATE TABLE nn (a INT, b STRING NOT NULL) WITH ('connector' = 'filesystem', 'path' = '${OUT}/nn', 'format' = 'json');
INSERT INTO nn SELECT a, b FROM t;
SELECT a, b FROM nn;
