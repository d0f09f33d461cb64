-- CHAR and VARCHAR lengths by CAST
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  CAST(s AS CHAR(3)) AS c1,
  CAST(s AS VARCHAR(3)) AS c2,
  CHAR_LENGTH(CAST(u AS CHAR(4))) AS c3,
  CAST(u AS CHAR(4)) || '|' AS c4,
  TRY_CAST(s AS VARCHAR(2)) AS c5
FROM t;
