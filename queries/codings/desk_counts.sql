-- name: desk_counts
-- grain: one row
-- doc: how far a coder and the whole sample are; a piece of one coder that another has coded is not
-- doc: among this coder's
-- param sample text: the sample
-- param coder text: who asks
-- param now text: UTC, ISO 8601
with pieces as (
    select
        drawn.overlap,
        exists (
            select 1
            from coding
            where coding.sample = drawn.sample and coding.piece = drawn.piece
                and coding.coder = $coder and coding.withdrawn_at is null
        ) as own,
        exists (
            select 1
            from coding
            where coding.sample = drawn.sample and coding.piece = drawn.piece
                and coding.coder <> $coder and coding.withdrawn_at is null
        ) as others,
        exists (
            select 1
            from claim
            where claim.sample = drawn.sample and claim.piece = drawn.piece
                and claim.coder <> $coder and claim.until > $now
        ) as held
    from sample_piece as drawn
    where drawn.sample = $sample
)
select
    coalesce(sum(own), 0) as committed,
    coalesce(sum(own or overlap = 1 or not others), 0) as total,
    coalesce(sum(not own and overlap = 0 and not others and held), 0) as held,
    coalesce(sum(own or others), 0) as coded,
    count(*) as pieces
from pieces
