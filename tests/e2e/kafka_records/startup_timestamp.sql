-- startup and end at a timestamp
CREATE TABLE source (o BIGINT METADATA FROM 'offset', p INT METADATA FROM 'partition', line STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${IN}',
  'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp-millis' = '1704067202000',
  'scan.bounded.mode' = 'timestamp', 'scan.bounded.timestamp-millis' = '1704067204000', 'format' = 'raw');
CREATE TABLE target (p INT, o BIGINT) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target SELECT p, o FROM source;
