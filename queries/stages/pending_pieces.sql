-- name: pending_pieces
-- grain: one row per piece that the stage has not done at this version
-- doc: what a stage still has to do, in a fixed order
-- param stage varchar: the stage's name
-- param version varchar: version of what makes its rows
select piece_key
from piece
where not exists (
    select 1 from stage_piece as done
    where done.piece_key = piece.piece_key and done.stage = $stage and done.version = $version
)
order by piece_key
