-- name: stages_complete
-- grain: one row per piece and stage without rows
-- doc: must be empty after a build
select piece.piece_key, missing.stage
from piece
cross join (values ('sentences'), ('embeddings'), ('copies'), ('frames'), ('topics')) as missing (stage)
where not exists (
    select 1 from stage_piece as done where done.piece_key = piece.piece_key and done.stage = missing.stage
)
