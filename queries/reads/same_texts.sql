-- name: same_texts
-- grain: one row per given piece and piece of its text
-- doc: given pieces with all copies of each
-- param ids varchar[]: the pieces
with given as (
    select id, piece_key, copy_group from piece where id in (select unnest($ids::varchar[]))
)
select given.id as given, piece.id
from given
join piece on piece.piece_key = given.piece_key
union
select given.id as given, piece.id
from given
join piece using (copy_group)
