-- name: create_schema_migration
-- grain: one row per migration that has been applied
-- doc: the table that records migrations
create table if not exists schema_migration (
    number integer not null,
    name varchar not null,
    applied_at timestamp not null default current_timestamp::timestamp
)
