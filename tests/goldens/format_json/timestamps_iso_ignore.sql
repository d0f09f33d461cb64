-- what the ISO form does not take
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/timestamps_iso_bad.json', 'format' = 'json', 'json.ignore-parse-errors' = 'true', 'json.timestamp-format.standard' = 'ISO-8601');
SELECT * FROM t;
