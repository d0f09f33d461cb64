-- format raw as value
CREATE TABLE target (line STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'raw');
INSERT INTO target VALUES ('plain'), (''), ('ü😀');
