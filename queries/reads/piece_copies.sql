-- name: piece_copies
-- grain: one row per other piece of the same group
-- doc: the copies of one piece
-- param id varchar: the piece
select other.id, other.outlet, other.published, other.title, other.is_original
from piece
join piece as other on other.copy_group = piece.copy_group and other.piece_key <> piece.piece_key
where piece.id = $id
order by other.published, other.id
