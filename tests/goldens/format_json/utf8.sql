-- UTF-8 in names and values
CREATE TABLE t (
  `größe` INT, `名` STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/utf8.json', 'format' = 'json');
SELECT * FROM t;
