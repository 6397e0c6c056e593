-- name: volume_by_topic_outlet
-- grain: one row per topic and outlet
-- doc: pieces in scope by topic and outlet
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
with final as (
    select topic_key, outlet, sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint as n
    from roll_piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
    group by topic_key, outlet
)
select * from final where n > 0 order by all
