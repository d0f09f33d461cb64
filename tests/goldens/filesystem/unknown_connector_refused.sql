-- an unknown connector is refused
CREATE TABLE t (id INT) WITH ('connector' = 'filesystm', 'path' = '${DIR}/data/many');
SELECT id FROM t;
