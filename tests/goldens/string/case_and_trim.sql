-- UPPER, LOWER, INITCAP, TRIM
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  UPPER(s) AS c1,
  LOWER(s) AS c2,
  INITCAP(s) AS c3,
  TRIM(s) AS c4,
  LTRIM(s) AS c5,
  RTRIM(s) AS c6,
  TRIM(BOTH 'a' FROM s) AS c7,
  TRIM(LEADING u FROM s) AS c8,
  TRIM(TRAILING 'c' FROM s) AS c9
FROM t;
