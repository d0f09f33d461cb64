-- SASL/PLAIN on both sides, by a JAAS line
CREATE TABLE source (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${SASL_BROKER}', 'topic' = '${IN}',
  'properties.security.protocol' = 'SASL_PLAINTEXT', 'properties.sasl.mechanism' = 'PLAIN',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="wonder";',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'json.ignore-parse-errors' = 'true');
CREATE TABLE target (a INT, b STRING) WITH (
  'connector' = 'kafka', 'properties.bootstrap.servers' = '${SASL_BROKER}', 'topic' = '${OUT}',
  'properties.security.protocol' = 'SASL_PLAINTEXT', 'properties.sasl.mechanism' = 'PLAIN',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="wonder";', 'format' = 'json');
INSERT INTO target SELECT a, b FROM source;
