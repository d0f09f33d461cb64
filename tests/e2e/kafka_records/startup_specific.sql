-- startup and end at specific offsets
CREATE TABLE source (o BIGINT METADATA FROM 'offset', p INT METADATA FROM 'partition', line STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'specific-offsets', 'scan.startup.specific-offsets' = 'partition:0,offset:1;partition:1,offset:2',
  'scan.bounded.mode' = 'specific-offsets', 'scan.bounded.specific-offsets' = 'partition:0,offset:3;partition:1,offset:4', 'format' = 'raw');
CREATE TABLE target (p INT, o BIGINT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT p, o FROM source;
