-- Ten-minute averages of temperature and humidity per room, every five minutes, from CSV. Some readings are missing: an
-- empty cell is NULL ('csv.null-literal') and does not count in the average. The result goes to the sink 'print'.
-- Run from the checkout's root:  ./dev run examples/sensor_averages/sensor_averages.sql

CREATE TABLE readings (
  room STRING,
  measured_at TIMESTAMP(3),
  temperature DECIMAL(4, 1),
  humidity INT,
  WATERMARK FOR measured_at AS measured_at
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/sensor_averages/readings.csv',
  'format' = 'csv',
  'csv.null-literal' = ''
);

CREATE TABLE averages (
  room STRING,
  window_end TIMESTAMP(3),
  temperature DECIMAL(4, 1),
  humidity INT,
  readings BIGINT,
  missing BIGINT
) WITH (
  'connector' = 'print'
);

SET 'parallelism.default' = '1';

INSERT INTO averages
SELECT
  room,
  window_end,
  CAST(AVG(temperature) AS DECIMAL(4, 1)),
  AVG(humidity),
  COUNT(*),
  COUNT(*) - COUNT(temperature)
FROM TABLE(HOP(TABLE readings, DESCRIPTOR(measured_at), INTERVAL '5' MINUTES, INTERVAL '10' MINUTES))
GROUP BY room, window_start, window_end;
