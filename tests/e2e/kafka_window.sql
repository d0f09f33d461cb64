-- Show 2 of the first issue: a topic of JSON messages, windowed and aggregated into another topic and into files.
CREATE TABLE purchases (
    `user` STRING,
    item ROW<sku STRING, price DECIMAL(10, 2)>,
    quantity INT,
    ts TIMESTAMP(3),
    WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
    'connector' = 'kafka',
    'topic' = '${TOPIC_IN}',
    'properties.bootstrap.servers' = '${BROKER}',
    'properties.group.id' = 'kafka-window',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = 'latest-offset',
    'format' = 'json'
);

CREATE VIEW totals AS
SELECT
    `user`,
    window_start,
    window_end,
    COUNT(*) AS purchases,
    SUM(item.price * quantity) AS revenue,
    MAX(item.price) AS highest,
    COUNT(DISTINCT item.sku) AS skus
FROM TABLE(TUMBLE(TABLE purchases, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE quantity > 0
GROUP BY `user`, window_start, window_end;

CREATE TABLE totals_topic (
    `user` STRING, window_start TIMESTAMP(3), window_end TIMESTAMP(3),
    purchases BIGINT, revenue DECIMAL(38, 2), highest DECIMAL(10, 2), skus BIGINT
) WITH (
    'connector' = 'kafka',
    'topic' = '${TOPIC_OUT}',
    'properties.bootstrap.servers' = '${BROKER}',
    'format' = 'json'
);

CREATE TABLE totals_files WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'csv')
LIKE totals_topic (EXCLUDING OPTIONS);

EXECUTE STATEMENT SET
BEGIN
INSERT INTO totals_topic SELECT * FROM totals;
INSERT INTO totals_files SELECT * FROM totals;
END;
