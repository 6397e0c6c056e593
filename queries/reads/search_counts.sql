-- name: search_counts
-- grain: one row per outlet and bin with pieces in scope; one per outlet where bin is null
-- doc: pieces in scope (n), those with a hit (k) and their hits (incoming_hit: piece_key, sentence, score)
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param bin varchar: 'week', 'month' or 'quarter'; null for all dates together, undated pieces included
with found as (
    select piece_key, count(*) as hits from incoming_hit group by piece_key
),
counted as (
    select outlet, case $bin::varchar when 'week' then week when 'month' then month when 'quarter' then date_trunc('quarter', month)::date end as start, found.hits
    from piece
    left join found using (piece_key)
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
)
select outlet, start, count(*)::bigint as n, count(hits)::bigint as k, coalesce(sum(hits), 0)::bigint as hits
from counted
where $bin::varchar is null or start is not null
group by all
order by all
