-- FROM (VALUES ...) with column names
SELECT a, b FROM (VALUES (1, 'x'), (2, 'yy'), (CAST(NULL AS INT), 'z')) AS t(a, b) WHERE a IS NULL OR a > 1;
