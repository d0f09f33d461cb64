-- STR_TO_MAP
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  STR_TO_MAP('a=1,b=2,c')['b'] AS c1,
  STR_TO_MAP('a:1;b', ';', ':')['a'] AS c2,
  CARDINALITY(STR_TO_MAP('a=1,b=2,c')) AS c3,
  STR_TO_MAP(s, '&', '=')['y'] AS c4
FROM t WHERE id IN (1, 3, 10);
