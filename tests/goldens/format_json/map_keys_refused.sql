-- MAP with integer keys is refused
CREATE TABLE t (
  id INT, m MAP<INT, STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/map_int.json', 'format' = 'json');
SELECT * FROM t;
