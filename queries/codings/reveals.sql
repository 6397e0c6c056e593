-- name: reveals
-- grain: one row per sample, piece and coder
-- doc: of which pieces coders have seen what others said, in the order of time
-- param sample text: the sample
-- param coder text: only this coder's; null for all
-- param piece text: only of this piece; null for all
select sample, piece, coder, at
from reveal
where sample = $sample
    and ($coder is null or coder = $coder)
    and ($piece is null or piece = $piece)
order by at, piece, coder
