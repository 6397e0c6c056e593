-- name: quoting_pieces
-- grain: one row per outlet
-- doc: pieces in scope and those of them in which somebody is quoted
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
with scoped as (
    select piece_key, outlet
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
)
select
    scoped.outlet,
    count(*)::bigint as pieces,
    count(*) filter (where scoped.piece_key in (select piece_key from voice_piece))::bigint as quoting
from scoped
group by all
order by all
