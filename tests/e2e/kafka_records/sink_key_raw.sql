-- a raw key, a csv value with all columns
CREATE TABLE target (k INT, b STRING, ts TIMESTAMP(3)) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}',
  'key.format' = 'raw', 'key.fields' = 'b', 'value.format' = 'csv');
INSERT INTO target SELECT * FROM (VALUES (1, 'a', TIMESTAMP '2024-01-01 00:00:00.123'), (2, CAST(NULL AS STRING), CAST(NULL AS TIMESTAMP(3))), (3, 'ü"', TIMESTAMP '1999-12-31 23:59:59')) AS v(k, b, ts) WHERE b IS NOT NULL;
