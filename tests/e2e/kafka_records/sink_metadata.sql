-- the sink writes timestamp and headers
CREATE TABLE target (a INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', h MAP<STRING, BYTES> METADATA FROM 'headers') WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}', 'format' = 'json');
INSERT INTO target VALUES (1, TO_TIMESTAMP_LTZ(1704067200123, 3), MAP['h', CAST(x'4142' AS BYTES)]), (2, TO_TIMESTAMP_LTZ(1704067201000, 3), CAST(NULL AS MAP<STRING, BYTES>));
