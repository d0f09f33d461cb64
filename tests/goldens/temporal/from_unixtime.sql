-- FROM_UNIXTIME, TO_TIMESTAMP_LTZ
CREATE TABLE t (
  id INT, s STRING, n BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  FROM_UNIXTIME(n) AS c1,
  FROM_UNIXTIME(n, 'yyyy/MM/dd HH:mm') AS c2,
  TO_TIMESTAMP_LTZ(n, 0) AS c3,
  TO_TIMESTAMP_LTZ(n, 3) AS c4
FROM t WHERE n < 253402300799;
