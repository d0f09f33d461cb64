-- quoting: delimiters, doubled quotes, newlines inside; blanks around text stay
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/quotes.csv', 'format' = 'csv');
SELECT * FROM t;
