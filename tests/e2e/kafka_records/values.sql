-- the values of all partitions, from the earliest to the latest offset
CREATE TABLE source (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
CREATE TABLE target (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT a, b FROM source;
