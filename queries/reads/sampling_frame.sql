-- name: sampling_frame
-- grain: one row per piece and frame
-- doc: every piece in scope that a sample could hold, with its scores; period is the first day of
-- doc: its month, null where the date is coarser or missing
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
select
    piece.id as piece, piece.piece_key, piece.outlet, piece.month as period, piece.copy_group,
    piece_frame.frame, piece_frame.score::double as score
from piece
join piece_frame using (piece_key)
where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
    and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
    and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
    and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
    and case $estimand when 'original' then is_original when 'story' then is_lead else true end
order by piece.id, piece_frame.frame
