-- format raw: a line a row
CREATE TABLE t (
  line STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/raw.txt', 'format' = 'raw');
SELECT line, CHAR_LENGTH(line) AS l FROM t;
