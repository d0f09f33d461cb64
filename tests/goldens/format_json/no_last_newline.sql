-- the last line may lack its newline; CR LF
CREATE TABLE t (
  a INT, s STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/crlf.json', 'format' = 'json');
SELECT * FROM t;
