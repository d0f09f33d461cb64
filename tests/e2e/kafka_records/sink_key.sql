-- the sink writes key and value; the key is not in the value
CREATE TABLE target (k INT, b STRING, ts TIMESTAMP(3)) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${BROKER}', 'topic' = '${OUT}',
  'key.format' = 'json', 'key.fields' = 'k', 'value.format' = 'json', 'value.fields-include' = 'EXCEPT_KEY');
INSERT INTO target VALUES (1, 'a', TIMESTAMP '2024-01-01 00:00:00.123'), (2, CAST(NULL AS STRING), CAST(NULL AS TIMESTAMP(3))), (3, 'ü"', TIMESTAMP '1999-12-31 23:59:59');
