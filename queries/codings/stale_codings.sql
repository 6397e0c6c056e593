-- name: stale_codings
-- grain: one row per valid coding of a coder
-- doc: codings that lack a frame as it is now defined, in the order of coding
-- param sample text: the sample
-- param coder text: whose codings
-- param definitions text: frame and hash of its definition, as a JSON object
select coding.coding, coding.piece
from coding
join sample_piece using (sample, piece)
where coding.sample = $sample and coding.coder = $coder and coding.withdrawn_at is null
    and exists (
        select 1
        from json_each($definitions) as now
        where not exists (
            select 1
            from coding_frame
            where coding_frame.coding = coding.coding and coding_frame.frame = now.key
                and coding_frame.definition = now.value
        )
    )
order by sample_piece.place, coding.piece
