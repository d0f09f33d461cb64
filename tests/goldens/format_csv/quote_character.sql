-- another quote character
CREATE TABLE t (
  id INT, a STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/quote_char.csv', 'format' = 'csv', 'csv.quote-character' = '''');
SELECT * FROM t;
