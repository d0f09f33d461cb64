-- CREATE DATABASE, USE, full names
CREATE TABLE t (
  a INT, b STRING
) WITH ('connector' = 'filesystem', 'path' = '${DIR}/data/t.json', 'format' = 'json');
CREATE DATABASE d;
USE d;
CREATE VIEW v AS SELECT a FROM default_catalog.default_database.t;
SELECT v.a FROM default_catalog.d.v WHERE v.a > 2;
