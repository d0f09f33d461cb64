-- comparison of text by bytes
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  s < 'a' AS c1,
  s >= u AS c2,
  s = 'straße' AS c3,
  s <> u AS c4,
  s BETWEEN 'A' AND 'b' AS c5,
  GREATEST(s, u, 'm') AS c6,
  LEAST(s, u, 'm') AS c7
FROM t;
