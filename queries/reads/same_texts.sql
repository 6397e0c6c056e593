-- name: same_texts
-- grain: one row per piece
-- doc: given pieces and all copies of them
-- param ids varchar[]: the pieces
with given as (
    select piece_key, copy_group from piece where id in (select unnest($ids::varchar[]))
)
select distinct piece.id
from piece
join given on given.piece_key = piece.piece_key or given.copy_group = piece.copy_group
