-- an unknown option of the connector is refused
CREATE TABLE t (
  a INT
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/missing.json', 'format' = 'json', 'source.regex' = 'x');
SELECT * FROM t;
