-- IS JSON
CREATE TABLE t (
  id INT, j STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/docs.json', 'format' = 'json');
SELECT
  id,
  j IS JSON AS c1,
  j IS JSON OBJECT AS c2,
  j IS JSON ARRAY AS c3,
  j IS JSON SCALAR AS c4,
  j IS NOT JSON AS c5,
  j IS JSON VALUE AS c6
FROM t;
