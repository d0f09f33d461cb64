-- REPLACE, OVERLAY, LPAD, RPAD, REPEAT
CREATE TABLE t (
  id INT, s STRING, u STRING, n INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/texts.json', 'format' = 'json');
SELECT
  id,
  REPLACE(s, u, '<>') AS c1,
  OVERLAY(s PLACING 'XY' FROM 2) AS c2,
  OVERLAY(s PLACING 'XY' FROM 2 FOR 1) AS c3,
  LPAD(s, n, '*') AS c4,
  RPAD(s, n, '*-') AS c5,
  REPEAT(u, n) AS c6,
  LPAD(u, 4, u) AS c7
FROM t;
