-- a table without a format
CREATE TABLE source (a INT) WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset');
CREATE TABLE target (a INT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT a FROM source;
