-- Counts and sums by a key: about 1 GB of state in ${ROWS} rows. ${KEY}: the key, made of a number u from 0 to 1.
CREATE TABLE numbers (u DOUBLE, v BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '2000000000',
  'number-of-rows' = '${ROWS}', 'fields.u.min' = '0', 'fields.u.max' = '1');
CREATE TABLE results (k BIGINT, c BIGINT, s BIGINT, low BIGINT, high BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO results
SELECT k, COUNT(*), SUM(v), MIN(v), MAX(v) FROM (SELECT CAST(${KEY} AS BIGINT) AS k, v FROM numbers) GROUP BY k;
