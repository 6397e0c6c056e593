-- name: taken_ids
-- grain: one row per id of incoming_id that a piece has
-- doc: which ids are not free
select distinct piece.id
from piece
join incoming_id using (id)
order by piece.id
