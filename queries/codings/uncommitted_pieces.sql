-- name: uncommitted_pieces
-- grain: one row per piece
-- doc: pieces of any sample that a coder has not committed there, whoever else has
-- param coder text: the coder
select distinct drawn.piece
from sample_piece as drawn
where not exists (
    select 1
    from coding
    where coding.sample = drawn.sample and coding.piece = drawn.piece and coding.coder = $coder
        and coding.withdrawn_at is null
)
