-- name: pieces_count
-- grain: one row
-- doc: how many pieces in scope match
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param query varchar: words to find in headline or text, any case; null for all
-- param frames varchar[]: frames of which at least one is present; null for all
select count(*)::bigint as n
from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
        and ($query::varchar is null or contains(lower(title), lower($query)) or contains(lower(text), lower($query)))
        and ($frames::varchar[] is null or exists (
            select 1 from piece_frame as carried
            where carried.piece_key = piece.piece_key and carried.present
                and carried.frame in (select unnest($frames::varchar[]))
        ))
