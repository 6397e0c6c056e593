-- name: standing
-- grain: one row per sample and piece
-- doc: of given pieces that were drawn: whether a coder has committed them, and seen what others said
-- param coder text: the coder
-- param pieces text: ids of pieces, as a JSON list
select
    drawn.sample,
    drawn.piece,
    exists (
        select 1
        from coding
        where coding.sample = drawn.sample and coding.piece = drawn.piece and coding.coder = $coder
            and coding.withdrawn_at is null
    ) as committed,
    exists (
        select 1
        from reveal
        where reveal.sample = drawn.sample and reveal.piece = drawn.piece and reveal.coder = $coder
    ) as seen
from sample_piece as drawn
where drawn.piece in (select value from json_each($pieces))
