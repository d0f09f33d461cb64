-- Which words does the opening of "Alice's Adventures in Wonderland" (Lewis Carroll, 1865, public domain) use most?
-- Run from the checkout's root:  ./dev run examples/word_count/word_count.sql

SET 'execution.runtime-mode' = 'batch';

CREATE TABLE lines (
  line STRING
) WITH (
  'connector' = 'filesystem',
  'path' = 'examples/word_count/alice.txt',
  'format' = 'raw'
);

CREATE VIEW words AS
SELECT word
FROM lines
CROSS JOIN UNNEST(SPLIT(LOWER(REGEXP_REPLACE(line, '[^A-Za-z-]+', ' ')), ' ')) AS pieces (word)
WHERE word <> '';

SELECT word, COUNT(*) AS occurrences
FROM words
GROUP BY word
ORDER BY occurrences DESC, word
LIMIT 10;
