-- name: schema_migrations
-- grain: one row per migration
-- doc: which migrations have been applied
select number, name from schema_migration order by number
