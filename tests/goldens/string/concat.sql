-- CONCAT, CONCAT_WS, ||
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  CONCAT(s, u) AS c1,
  CONCAT(s, CAST(n AS STRING), 'x') AS c2,
  CONCAT_WS('-', s, u, CAST(n AS STRING)) AS c3,
  CONCAT_WS(u, 'a', s, 'b') AS c4,
  s || u || 'z' AS c5
FROM t;
