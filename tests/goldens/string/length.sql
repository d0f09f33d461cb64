-- lengths and codes
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  CHAR_LENGTH(s) AS c1,
  CHARACTER_LENGTH(s) AS c2,
  ASCII(s) AS c3,
  CHR(n + 64) AS c4,
  ASCII(u) AS c5,
  REVERSE(s) AS c6
FROM t;
