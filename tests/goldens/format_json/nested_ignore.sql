-- wrong shapes inside: the smallest enclosing field becomes NULL
CREATE TABLE t (
  id INT, a ARRAY<INT>, m MAP<STRING, INT>, r ROW<x INT, y INT>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/nested_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT * FROM t;
