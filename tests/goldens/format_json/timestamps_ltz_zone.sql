-- the same in America/New_York, with what is not taken
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE t (
  id INT, tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/ltz2.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
SELECT id, tz FROM t;
