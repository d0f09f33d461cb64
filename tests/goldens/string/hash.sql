-- MD5, SHA: hex of UTF-8
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  MD5(s) AS c1,
  SHA1(s) AS c2,
  SHA224(s) AS c3,
  SHA256(s) AS c4,
  SHA2(s, 384) AS c5,
  SHA512(u) AS c6
FROM t;
