-- A server's log: plain text around a JSON object. Takes the lines apart with a regular expression, reads the object with
-- JSON functions, skips lines that hold none (or a broken one), and reports each route's traffic, errors and slowest call.
-- Run from the checkout's root:  ./dev run examples/log_parsing/log_parsing.sql

SET 'execution.runtime-mode' = 'batch';

CREATE TABLE log_lines (
  line STRING
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/log_parsing/server.log',
  'format' = 'raw'
);

CREATE VIEW requests AS
SELECT
  TO_TIMESTAMP(REPLACE(REGEXP_EXTRACT(line, '^(\S+)Z', 1), 'T', ' '), 'yyyy-MM-dd HH:mm:ss.SSS') AS logged_at,
  JSON_VALUE(details, '$.method') || ' ' || JSON_VALUE(details, '$.route') AS route,
  CAST(JSON_VALUE(details, '$.status') AS INT) AS status,
  CAST(JSON_VALUE(details, '$.ms') AS INT) AS ms,
  JSON_VALUE(details, '$.client.id') AS client
FROM (SELECT line, REGEXP_EXTRACT(line, '\shttp\s+(\{.*)$', 1) AS details FROM log_lines)
WHERE details IS JSON OBJECT;

SELECT
  route,
  COUNT(*) AS requests,
  COUNT(DISTINCT client) AS clients,
  COUNT(*) FILTER (WHERE status >= 500) AS server_errors,
  MAX(ms) AS slowest_ms,
  MIN(logged_at) AS first_seen
FROM requests
GROUP BY route
ORDER BY requests DESC, route;
