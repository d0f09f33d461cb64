-- disable-quote-character
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/no_quotes.csv', 'format' = 'csv', 'csv.disable-quote-character' = 'true');
SELECT * FROM t;
