-- name: topic_map
-- grain: one row per piece shown
-- doc: up to `most` pieces in scope on the map, a fixed random choice
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param most integer: how many at most
with final as (
    select id, title, outlet, published, topic_key, map_x, map_y
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and map_x is not null
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by hash(piece_key)
    limit $most
)
select * from final order by topic_key, id
