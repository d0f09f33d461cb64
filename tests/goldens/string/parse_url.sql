-- PARSE_URL
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  PARSE_URL(s, 'HOST') AS c1,
  PARSE_URL(s, 'PATH') AS c2,
  PARSE_URL(s, 'QUERY') AS c3,
  PARSE_URL(s, 'QUERY', 'y') AS c4,
  PARSE_URL(s, 'REF') AS c5,
  PARSE_URL(s, 'PROTOCOL') AS c6,
  PARSE_URL(s, 'AUTHORITY') AS c7,
  PARSE_URL(s, 'FILE') AS c8,
  PARSE_URL(s, 'USERINFO') AS c9
FROM t;
