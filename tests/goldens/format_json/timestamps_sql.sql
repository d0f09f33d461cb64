-- TIMESTAMP in the SQL standard: a blank, seconds; more digits than the type stay
CREATE TABLE t (
  id INT, ts3 TIMESTAMP(3), ts0 TIMESTAMP(0), ts9 TIMESTAMP(9)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/timestamps.json', 'format' = 'json');
SELECT * FROM t;
