-- keep the first row by event time; of equal times the earlier arrival
CREATE TABLE ties (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '10' SECOND, pt AS PROCTIME()
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/ties.json', 'format' = 'json');
SELECT id, k, v, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts ASC) AS r FROM ties) WHERE r = 1;
