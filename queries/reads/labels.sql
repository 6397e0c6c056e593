-- name: labels
-- grain: one row per piece and frame
-- doc: every piece in scope with its score and decision for each frame
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
select
    piece.id, piece.outlet, piece.published, piece.date_precision, piece.topic_key,
    piece.is_original, piece.copy_group, piece.story_key, piece.is_lead, piece.url, piece.title,
    piece_frame.frame, piece_frame.score, piece_frame.present
from piece
join piece_frame using (piece_key)
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
    and case $estimand when 'original' then is_original when 'story' then is_lead else true end
order by piece.piece_key, piece_frame.frame
