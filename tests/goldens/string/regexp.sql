-- REGEXP, REGEXP_EXTRACT, REGEXP_REPLACE: Java patterns
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  REGEXP(s, '[A-Z]b') AS c1,
  REGEXP_EXTRACT(s, '(\w+)[ ,](\w+)', 2) AS c2,
  REGEXP_EXTRACT(s, 'b', 0) AS c3,
  REGEXP_EXTRACT(s, '(x)?(b)', 1) AS c4,
  REGEXP_EXTRACT(s, 'b', 3) AS c5,
  REGEXP_REPLACE(s, '[aeiou]', '<$0>') AS c6,
  REGEXP_REPLACE(s, '(?i)ABC', '_') AS c7,
  REGEXP_REPLACE(s, '\s+', '') AS c8,
  REGEXP(s, '[') AS c9,
  REGEXP_REPLACE(s, u, '#') AS c10
FROM t;
