-- json.timestamp-format.standard = ISO-8601: a T
CREATE TABLE t (
  id INT, ts TIMESTAMP(3), tz TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/timestamps_iso.json', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601');
SELECT * FROM t;
