-- a malformed record fails the job without ignore-parse-errors
CREATE TABLE source (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json');
CREATE TABLE target (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT a, b FROM source;
