-- name: has_tables
-- grain: one row when the file holds any table, else none
-- doc: whether a file without a version is somebody else's database
select 1 from sqlite_schema limit 1
