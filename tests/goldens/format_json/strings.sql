-- STRING takes anything: numbers keep their spelling, arrays and objects become JSON text
CREATE TABLE t (
  id INT, st STRING, vc VARCHAR(3), ch CHAR(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/strings.json', 'format' = 'json');
SELECT * FROM t;
