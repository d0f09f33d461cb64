-- SUBSTRING, SUBSTR, LEFT, RIGHT
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  SUBSTRING(s FROM 2) AS c1,
  SUBSTRING(s FROM 2 FOR 3) AS c2,
  SUBSTRING(s, n) AS c3,
  SUBSTRING(s, n, 2) AS c4,
  SUBSTR(s, -3) AS c5,
  SUBSTR(s, -3, 2) AS c6,
  LEFT(s, n) AS c7,
  RIGHT(s, n) AS c8,
  SUBSTRING(s FROM 0 FOR 2) AS c9
FROM t;
