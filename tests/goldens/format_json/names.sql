-- names are case-sensitive; the first of two equal keys wins; unknown fields are skipped
CREATE TABLE t (
  a INT, `A` INT, `a b` STRING, `dot.ted` INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/names.json', 'format' = 'json');
SELECT * FROM t;
