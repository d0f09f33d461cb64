-- compare: rows
-- json of all types
CREATE TABLE w (a ARRAY<INT>, m MAP<STRING, DOUBLE>, r ROW<x INT, y STRING>, dt DATE, tm TIME, lz TIMESTAMP_LTZ(3), bin BYTES, f FLOAT, d DOUBLE, ts9 TIMESTAMP(9)) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'json');
INSERT INTO w SELECT ARRAY[1, CAST(NULL AS INT)], MAP['k', 1.5E0], CAST(ROW(1, 'z') AS ROW<x INT, y STRING>), DATE '2024-02-29', TIME '10:20:30', TO_TIMESTAMP_LTZ(1704067200123, 3), CAST(x'01ff' AS BYTES), CAST(1.5 AS FLOAT), 1e20, TIMESTAMP '2024-01-01 00:00:00.123456789';
CREATE TABLE r (line STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'raw');
SELECT line FROM r;
