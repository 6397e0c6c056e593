-- name: build_meta
-- grain: one row per key
-- doc: what the build says of itself, values as JSON
create table build.meta as select key, value from incoming_meta order by key
