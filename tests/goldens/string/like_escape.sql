-- LIKE with ESCAPE
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  s LIKE 'x.y*z' AS c1,
  s LIKE '%!_%' ESCAPE '!' AS c2,
  s LIKE '%!%20%' ESCAPE '!' AS c3,
  s LIKE u AS c4
FROM t;
