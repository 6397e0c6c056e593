-- name: quotation_sample
-- grain: one row per quotation
-- doc: some quotations of pieces in scope, drawn by a seed, with the sentences they stand in
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param frame varchar: only from sentences that carry it; null for all
-- param role varchar: only of speakers in this role; null for all
-- param seed integer: which ones
-- param most integer: how many
with scoped as (
    select *
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
),
chosen as (
    select quotation.*
    from quotation
    join scoped using (piece_key)
    where not quotation.nested
        and ($role::varchar is null or quotation.role = $role)
        and ($frame::varchar is null or exists (
            select 1 from sentence_frame
            where sentence_frame.piece_key = quotation.piece_key and sentence_frame.sentence = quotation.sentence
                and sentence_frame.frame = $frame and sentence_frame.present
        ))
    order by hash(quotation.piece_key, quotation.quotation, $seed::integer), quotation.piece_key, quotation.quotation
    limit $most
),
final as (
    select
        scoped.id,
        scoped.outlet,
        scoped.title,
        scoped.published,
        chosen.*,
        case when chosen.sentence = 0 then scoped.title else scoped.text end as whole,
        least(
            min(sentence.start_char),
            coalesce(min(sentence.start_char) filter (where sentence.sentence = chosen.sentence), min(sentence.start_char))
        ) as passage_start,
        max(sentence.end_char) as passage_end
    from chosen
    join scoped using (piece_key)
    join sentence on sentence.piece_key = chosen.piece_key
        and (sentence.sentence = 0) = (chosen.sentence = 0)
        and sentence.start_char < greatest(chosen.end_char, coalesce(chosen.cue_end, 0))
        and sentence.end_char > least(chosen.start_char, coalesce(chosen.cue_start, chosen.start_char))
    group by all
)
select * exclude (whole), substring(whole, passage_start + 1, passage_end - passage_start) as passage
from final
order by hash(piece_key, quotation, $seed::integer), piece_key, quotation
