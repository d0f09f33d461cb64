-- compare: rows
-- one window over everything
CREATE TABLE events (
  id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/../window/data/events.json', 'format' = 'json');
SELECT id, FIRST_VALUE(v) OVER w AS f, LAST_VALUE(v) OVER w AS l, COUNT(v) OVER w AS c FROM events WINDOW w AS (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW);
