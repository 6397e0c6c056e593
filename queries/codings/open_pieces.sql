-- name: open_pieces
-- grain: one row per piece
-- doc: what a coder has still to code, in the order of coding; pieces of one coder that another has
-- doc: coded or holds are left out
-- param sample text: the sample
-- param coder text: who asks
-- param now text: UTC, ISO 8601
-- param most integer: how many at most; -1 for all
select drawn.piece
from sample_piece as drawn
where drawn.sample = $sample
    and not exists (
        select 1
        from coding
        where coding.sample = drawn.sample and coding.piece = drawn.piece and coding.coder = $coder
            and coding.withdrawn_at is null
    )
    and (
        drawn.overlap = 1
        or (
            not exists (
                select 1
                from coding
                where coding.sample = drawn.sample and coding.piece = drawn.piece
                    and coding.coder <> $coder and coding.withdrawn_at is null
            )
            and not exists (
                select 1
                from claim
                where claim.sample = drawn.sample and claim.piece = drawn.piece
                    and claim.coder <> $coder and claim.until > $now
            )
        )
    )
order by drawn.place, drawn.piece
limit $most
