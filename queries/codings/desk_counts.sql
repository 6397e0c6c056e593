-- name: desk_counts
-- grain: one row
-- doc: how far a coder and the whole sample are; a piece of one coder that another has coded is not
-- doc: among this coder's
-- param sample text: the sample
-- param coder text: who asks
-- param now text: UTC, ISO 8601
with coded as (
    select by_piece.piece, drawn.overlap, by_piece.own
    from (
        select piece, max(coder = $coder) as own
        from coding
        where sample = $sample and withdrawn_at is null
        group by piece
    ) as by_piece
    join sample_piece as drawn on drawn.sample = $sample and drawn.piece = by_piece.piece
),
held as (
    select count(distinct claim.piece) as held
    from claim
    join sample_piece as drawn using (sample, piece)
    where claim.sample = $sample and claim.coder <> $coder and claim.until > $now
        and drawn.overlap = 0 and claim.piece not in (select piece from coded)
),
pieces as (
    select count(*) as pieces from sample_piece where sample = $sample
),
counts as (
    select
        count(*) as coded,
        coalesce(sum(own), 0) as committed,
        coalesce(sum(not own and overlap = 0), 0) as others
    from coded
)
select
    counts.committed, pieces.pieces - counts.others as total, held.held, counts.coded, pieces.pieces
from counts, held, pieces
