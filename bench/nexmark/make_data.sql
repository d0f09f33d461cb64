-- Writes ${EVENTS} Nexmark events as NDJSON into ${OUT}: one file, 10,000 events a second of event time, always the same data.
CREATE TABLE events (
    event_type int,
    person ROW<
        id BIGINT, name VARCHAR, emailAddress VARCHAR, creditCard VARCHAR, city VARCHAR, state VARCHAR,
        `dateTime` TIMESTAMP(3), extra VARCHAR>,
    auction ROW<
        id BIGINT, itemName VARCHAR, description VARCHAR, initialBid BIGINT, reserve BIGINT, `dateTime` TIMESTAMP(3),
        expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra VARCHAR>,
    bid ROW<
        auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, `dateTime` TIMESTAMP(3), extra VARCHAR>
) WITH (
    'connector' = 'nexmark',
    'first-event.rate' = '10000',
    'next-event.rate' = '10000',
    'events.num' = '${EVENTS}'
);

CREATE TABLE files WITH (
    'connector' = 'filesystem',
    'path' = '${OUT}',
    'format' = 'json',
    'sink.rolling-policy.file-size' = '1024gb',
    'sink.rolling-policy.rollover-interval' = '10 d',
    'sink.rolling-policy.inactivity-interval' = '10 d'
) LIKE events (EXCLUDING OPTIONS);

INSERT INTO files SELECT * FROM events;
