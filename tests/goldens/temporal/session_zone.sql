-- functions that use the session zone
SET 'table.local-time-zone' = 'Asia/Shanghai';
CREATE TABLE t (
  id INT, s STRING, n BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT id, FROM_UNIXTIME(n) AS a, UNIX_TIMESTAMP(s) AS b, TO_TIMESTAMP_LTZ(n, 0) AS c, TO_TIMESTAMP(s) AS d, DATE_FORMAT(TO_TIMESTAMP_LTZ(n, 0), 'yyyy-MM-dd HH:mm') AS e, EXTRACT(HOUR FROM TO_TIMESTAMP_LTZ(n, 0)) AS f FROM t WHERE n < 253402300799;
