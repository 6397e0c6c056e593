-- name: score_histogram
-- grain: one row per frame and bin of scores that holds a piece
-- doc: how many pieces in scope have a score in each of so many equal bins; bin 0 begins at 0
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param bins integer: how many bins from 0 to 1
select
    piece_frame.frame,
    least(floor(piece_frame.score * $bins)::integer, $bins - 1) as bin,
    count(*)::bigint as n
from piece
join piece_frame using (piece_key)
where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
    and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
    and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
    and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
    and case $estimand when 'original' then is_original when 'story' then is_lead else true end
group by all
order by all
