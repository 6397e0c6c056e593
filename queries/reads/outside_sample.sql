-- name: outside_sample
-- grain: one row per domain (outlet, topic and bin, each null where it does not divide)
-- doc: pieces in scope that the sample could not have drawn: outside its filters, or added later
-- param by_outlet boolean: a domain for each outlet
-- param by_topic boolean: a domain for each topic
-- param bin varchar: a domain for each 'week', 'month' or 'quarter'; null: time does not divide
-- param last_piece integer: highest piece_key that could be drawn
-- param sample_outlets varchar[]: outlets that the sample was drawn from; null for all
-- param sample_topics varchar[]: topics that the sample was drawn from; null for all
-- param sample_from date: first day that the sample was drawn from, a Monday; null for no bound
-- param sample_to date: last day that the sample was drawn from, a Sunday; null for no bound
-- param sample_estimand varchar: what the sample was drawn from, 'item', 'original' or 'story'
with outside as (
    select
        case when $by_outlet then outlet end as outlet,
        case when $by_topic then topic_key end as topic_key,
        case $bin::varchar when 'week' then week when 'month' then month when 'quarter' then date_trunc('quarter', month)::date end as start
    from piece
    where @in_scope
        and @counted
        and not (
            piece_key <= $last_piece
            and ($sample_outlets::varchar[] is null or outlet in (select unnest($sample_outlets::varchar[])))
            and ($sample_topics::varchar[] is null or topic_key in (select unnest($sample_topics::varchar[])))
            and ($sample_from::date is null or coalesce(coalesce(week, month) >= $sample_from::date, false))
            and ($sample_to::date is null or coalesce(coalesce(week, month) <= $sample_to::date, false))
            and case $sample_estimand when 'original' then is_original when 'story' then is_lead else true end
        )
)
select outlet, topic_key, start, count(*)::bigint as outside
from outside
where $bin::varchar is null or start is not null
group by all
order by all
