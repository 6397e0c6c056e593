-- name: open_pieces
-- grain: one row per piece
-- doc: what a coder has still to code: what is on their screen, the latest first, then the others in
-- doc: the order of coding; pieces of one coder that another has coded or holds are left out
-- param sample text: the sample
-- param coder text: who asks
-- param now text: UTC, ISO 8601
-- param most integer: how many at most; -1 for all
select drawn.piece
from sample_piece as drawn
left join claim as own on own.sample = drawn.sample and own.piece = drawn.piece and own.coder = $coder
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
order by own.until desc nulls last, drawn.place, drawn.piece
limit $most
