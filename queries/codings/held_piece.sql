-- name: held_piece
-- grain: one row, or none
-- doc: the piece on a coder's screen, the latest where there are several, as long as it is theirs
-- param sample text: the sample
-- param coder text: who asks
-- param now text: UTC, ISO 8601
select drawn.piece
from claim as own
-- cross: begin with the few claims, not with all pieces
cross join sample_piece as drawn using (sample, piece)
where own.sample = $sample and own.coder = $coder
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
order by own.until desc, drawn.place, drawn.piece
limit 1
