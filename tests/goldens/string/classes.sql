-- IS_ALPHA, IS_DIGIT, IS_DECIMAL
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  IS_ALPHA(s) AS c1,
  IS_DIGIT(s) AS c2,
  IS_DECIMAL(s) AS c3,
  IS_DECIMAL(CAST(n AS STRING)) AS c4,
  IS_ALPHA(u) AS c5
FROM t;
