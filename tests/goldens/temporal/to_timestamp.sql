-- TO_TIMESTAMP, TO_DATE, UNIX_TIMESTAMP of text
CREATE TABLE t (
  id INT, s STRING, n BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  TO_TIMESTAMP(s) AS c1,
  TO_TIMESTAMP(s, 'yyyy-MM-dd') AS c2,
  TO_TIMESTAMP(s, 'yyyy-MM-dd''T''HH:mm:ss') AS c3,
  TO_DATE(s) AS c4,
  TO_DATE(s, 'yyyy-M-d') AS c5,
  UNIX_TIMESTAMP(s) AS c6,
  UNIX_TIMESTAMP(s, 'yyyy-MM-dd') AS c7
FROM t;
