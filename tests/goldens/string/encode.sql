-- ENCODE, DECODE, base64, HEX
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  TO_BASE64(s) AS c1,
  FROM_BASE64(TO_BASE64(s)) AS c2,
  ENCODE(s, 'UTF-8') AS c3,
  DECODE(ENCODE(s, 'UTF-16BE'), 'UTF-16BE') AS c4,
  ENCODE(u, 'ISO-8859-1') AS c5,
  HEX(s) AS c6,
  HEX(n) AS c7,
  BIN(n) AS c8
FROM t;
