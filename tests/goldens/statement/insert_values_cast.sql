-- compare: rows
-- INSERT casts where it is implicit
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE TABLE s1 (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/s1', 'format' = 'json');
INSERT INTO s1 VALUES (CAST(1 AS TINYINT), CAST('c' AS CHAR(3)));
SELECT a, CHAR_LENGTH(b) AS l FROM s1;
