-- NULL into a NOT NULL column fails the job
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE nn (a INT NOT NULL, b STRING NOT NULL) WITH ('connector' = 'blackhole');
INSERT INTO nn SELECT a, b FROM t;
