-- timestamps
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), d DATE, t TIME
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/timestamps.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
SELECT * FROM t;
