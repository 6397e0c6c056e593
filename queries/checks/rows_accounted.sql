-- name: rows_accounted
-- grain: one row per finished file whose rows do not add up
-- doc: must be empty
select path, rows_read, accepted, duplicates, refused
from source_file
where finished and rows_read <> accepted + duplicates + refused
