-- the same with two columns: {"a":1,"a":2} ends the record
CREATE TABLE t (
  a INT, `A` INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/names.json', 'format' = 'json');
SELECT * FROM t;
