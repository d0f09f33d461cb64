-- some columns in another order
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/quotes.csv', 'format' = 'csv');
SELECT b, id FROM t;
