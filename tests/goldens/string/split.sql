-- SPLIT_INDEX, SPLIT, STR_TO_MAP
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  SPLIT_INDEX(s, ',', 0) AS c1,
  SPLIT_INDEX(s, ',', 2) AS c2,
  SPLIT_INDEX(s, ',', 9) AS c3,
  SPLIT_INDEX(s, u, 1) AS c4,
  SPLIT_INDEX(s, 44, 1) AS c5,
  SPLIT(s, ',') AS c6,
  SPLIT(s, u) AS c7,
  SPLIT_INDEX(s, '/', 3) AS c8
FROM t;
