-- name: undatable_in_bins
-- grain: one row
-- doc: pieces in scope that no bin of this width can hold
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param bin varchar: 'week', 'month' or 'quarter'
with final as (
    select coalesce(sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint, 0) as n
    from roll_piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $bin when 'week' then week when 'quarter' then date_trunc('quarter', month)::date else month end is null
)
select * from final
