-- name: copy_dates
-- grain: one row per piece asked for
-- doc: what decides which copy is the origin
-- param keys integer[]: the pieces
select piece_key, published, outlet
from piece
where piece_key in (select unnest($keys::integer[]))
order by piece_key
