-- classes, look-around, back-references
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  REGEXP(s, '^\p{L}+$') AS c1,
  REGEXP_EXTRACT(s, '(.)\1', 0) AS c2,
  REGEXP_EXTRACT(s, '(?<=/)[a-z]+', 0) AS c3,
  REGEXP_REPLACE(s, '(?<!a)b', 'B') AS c4,
  REGEXP_EXTRACT(s, '(&|^|\?)x=([^&]*)', 2) AS c5,
  REGEXP_EXTRACT(s, '.*', 0) AS c6
FROM t;
