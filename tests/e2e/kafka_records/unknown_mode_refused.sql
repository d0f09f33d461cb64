-- an unknown startup mode
CREATE TABLE source (a INT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'earlyest-offset', 'format' = 'json');
CREATE TABLE target (a INT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT a FROM source;
