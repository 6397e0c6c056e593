-- name: pieces_count
-- grain: one row
-- doc: how many pieces in scope match
-- param query varchar: words to find in headline or text, any case; null for all
-- param frames varchar[]: frames of which at least one is present; null for all
select count(*)::bigint as n
from piece
    where @in_scope
        and @counted
        and ($query::varchar is null or contains(lower(title), lower($query)) or contains(lower(text), lower($query)))
        and ($frames::varchar[] is null or exists (
            select 1 from piece_frame as carried
            where carried.piece_key = piece.piece_key and carried.present
                and carried.frame in (select unnest($frames::varchar[]))
        ))
