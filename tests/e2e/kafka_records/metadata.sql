-- every readable metadata column
CREATE TABLE source (a INT, t STRING METADATA FROM 'topic' VIRTUAL, p INT METADATA FROM 'partition', o BIGINT METADATA FROM 'offset' VIRTUAL,
  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', tt STRING METADATA FROM 'timestamp-type', h MAP<STRING, BYTES> METADATA FROM 'headers', le INT METADATA FROM 'leader-epoch') WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
CREATE TABLE target (a INT, t INT, p INT, o BIGINT, ts TIMESTAMP_LTZ(3), tt STRING, h1 STRING, h2 STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT a, CHAR_LENGTH(t) - CHAR_LENGTH('${IN}'), p, o, ts, tt, CAST(h['h1'] AS STRING), CAST(h['h2'] AS STRING) FROM source;
