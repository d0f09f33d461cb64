-- end at the committed offsets of a group
CREATE TABLE source (o BIGINT METADATA FROM 'offset', p INT METADATA FROM 'partition', line STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'earliest-offset', 'properties.group.id' = '${GROUP_ALL}',
  'scan.bounded.mode' = 'group-offsets', 'format' = 'raw');
CREATE TABLE target (p INT, o BIGINT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT p, o FROM source;
