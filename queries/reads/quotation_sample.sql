-- name: quotation_sample
-- grain: one row per quotation
-- doc: some quotations of pieces in scope, drawn by a seed, with the sentences they stand in
-- param frame varchar: only from sentences that carry it; null for all
-- param role varchar: only of speakers in this role; null for all
-- param seed integer: which ones
-- param most integer: how many
with scoped as (
    select piece_key
    from piece
    where @in_scope
        and @counted
),
chosen as (
    select quotation.*, hash(quotation.piece_key, quotation.quotation, $seed::integer) as place
    from quotation
    where not quotation.nested
        and ($role::varchar is null or quotation.role = $role)
        and quotation.piece_key in (select piece_key from scoped)
        and ($frame::varchar is null or (quotation.piece_key, quotation.sentence) in (
            select (piece_key, sentence) from sentence_frame where frame = $frame and present
        ))
    order by place, quotation.piece_key, quotation.quotation
    limit $most
),
passages as (
    select
        chosen.piece_key,
        chosen.quotation,
        min(sentence.start_char) as passage_start,
        max(sentence.end_char) as passage_end
    from chosen
    join sentence on sentence.piece_key = chosen.piece_key
        and (sentence.sentence = 0) = (chosen.sentence = 0)
        and sentence.start_char < greatest(chosen.end_char, coalesce(chosen.cue_end, 0))
        and sentence.end_char > least(chosen.start_char, coalesce(chosen.cue_start, chosen.start_char))
    where sentence.piece_key in (select piece_key from chosen)
    group by all
)
select
    piece.id,
    piece.outlet,
    piece.title,
    piece.published,
    chosen.* exclude (place),
    passages.passage_start,
    passages.passage_end,
    substring(
        case when chosen.sentence = 0 then piece.title else piece.text end,
        passages.passage_start + 1, passages.passage_end - passages.passage_start
    ) as passage
from chosen
join passages using (piece_key, quotation)
join piece using (piece_key)
order by chosen.place, chosen.piece_key, chosen.quotation
