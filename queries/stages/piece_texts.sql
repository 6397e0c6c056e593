-- name: piece_texts
-- grain: one row per piece asked for
-- doc: headline and text of some pieces, by key
-- param keys integer[]: the pieces
select piece_key, title, text
from piece
where piece_key in (select unnest($keys::integer[]))
order by piece_key
