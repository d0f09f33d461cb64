-- computed columns, also over nested use
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE c (a INT, b STRING, twice AS a * 2, joined AS CONCAT(b, '-', CAST(a AS STRING))) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
SELECT * FROM c;
