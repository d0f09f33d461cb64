-- VALUES takes the common type of each column
VALUES (1, 'a', 1.5), (2, 'bcd', 22), (3000000000, '', 0.125);
