-- POSITION, LOCATE, INSTR, LIKE
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  POSITION(u IN s) AS c1,
  LOCATE(u, s) AS c2,
  LOCATE(u, s, 3) AS c3,
  INSTR(s, u) AS c4,
  s LIKE '%b%' AS c5,
  s LIKE '_b%' AS c6,
  s LIKE 'a%c' AS c7,
  s NOT LIKE '%a%' AS c8,
  s SIMILAR TO '(a|H)%' AS c9,
  s LIKE '%*%' AS c10
FROM t;
