-- startup at the committed offsets of a group; a partition without one begins as auto.offset.reset says
CREATE TABLE source (o BIGINT METADATA FROM 'offset', p INT METADATA FROM 'partition', line STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'group-offsets', 'properties.group.id' = '${GROUP}', 'properties.auto.offset.reset' = 'earliest',
  'scan.bounded.mode' = 'latest-offset', 'format' = 'raw');
CREATE TABLE target (p INT, o BIGINT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT p, o FROM source;
