-- Clicks and visitors per page and minute, from a stream of JSON events in event time.
-- Events may come up to five seconds out of order; one in the file comes minutes too late and is left out, as it would be
-- in production. A window's rows appear when the watermark passes its end.
-- One reader: which rows are late is fixed by their order in the file.
-- Run from the checkout's root:  ./dev run examples/click_windows/click_windows.sql

SET 'parallelism.default' = '1';

CREATE TABLE clicks (
  `user` STRING,
  page STRING,
  `at` TIMESTAMP(3),
  WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/click_windows/clicks.json',
  'format' = 'json'
);

SELECT window_start, page, COUNT(*) AS clicks, COUNT(DISTINCT `user`) AS visitors
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page;
