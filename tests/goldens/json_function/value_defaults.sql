-- ON EMPTY and ON ERROR
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  JSON_VALUE(j, '$.q' DEFAULT 'none' ON EMPTY) AS c1,
  JSON_VALUE(j, 'lax $.a.x.y' NULL ON EMPTY) AS c2,
  JSON_VALUE(j, 'strict $.q' DEFAULT 'err' ON ERROR) AS c3,
  JSON_VALUE(j, '$.a' DEFAULT 'bad' ON ERROR) AS c4
FROM t;
