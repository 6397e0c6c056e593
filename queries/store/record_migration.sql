-- name: record_migration
-- grain: one row
-- doc: notes a migration as applied
-- param number integer: its number
-- param name varchar: its name
insert into schema_migration (number, name) values ($number, $name)
