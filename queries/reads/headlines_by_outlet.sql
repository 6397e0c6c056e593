-- name: headlines_by_outlet
-- grain: one row per outlet and frame
-- doc: pieces in scope whose headline carries the frame, whose body does, and both
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
select
    piece.outlet,
    headline.frame,
    count(*) filter (where in_headline)::bigint as headline,
    count(*) filter (where in_body)::bigint as body,
    count(*) filter (where in_headline and in_body)::bigint as both
from headline
join piece using (piece_key)
where paired
    and ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
    and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
    and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
    and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
    and case $estimand when 'original' then is_original when 'story' then is_lead else true end
group by all
order by all
