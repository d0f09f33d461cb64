-- compare: rows
-- what the json format writes, read back as raw lines
CREATE TABLE w (a INT, b STRING, c DECIMAL(10, 2), d TIMESTAMP(3), e BOOLEAN) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'json');
INSERT INTO w SELECT * FROM (VALUES (1, 'a', 1.50, TIMESTAMP '2024-01-01 01:02:03.456', TRUE), (2, CAST(NULL AS STRING), -2.25, CAST(NULL AS TIMESTAMP(3)), FALSE), (3, 'q"uo,te; ''x'' ü', 0.00, TIMESTAMP '1969-12-31 23:59:59', CAST(NULL AS BOOLEAN))) AS v(a, b, c, d, e);
CREATE TABLE r (line STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'raw');
SELECT line FROM r;
