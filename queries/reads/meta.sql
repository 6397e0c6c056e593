-- name: meta
-- grain: one row per key
-- doc: what the build says of itself, values as JSON
select key, value from meta order by key
