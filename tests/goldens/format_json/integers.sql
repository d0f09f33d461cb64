-- INT and BIGINT cut fractions of numbers; texts are trimmed
CREATE TABLE t (
  id INT, i INT, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/integers.json', 'format' = 'json');
SELECT * FROM t;
