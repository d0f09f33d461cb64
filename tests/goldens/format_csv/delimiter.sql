-- field-delimiter ;
CREATE TABLE t (
  id INT, a STRING, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/semicolon.csv', 'format' = 'csv', 'csv.field-delimiter' = ';');
SELECT * FROM t;
