-- name: pieces
-- grain: one row per piece
-- doc: a page of the pieces in scope that match, with a list of the frames they carry
-- param query varchar: words to find in headline or text, any case; null for all
-- param frames varchar[]: frames of which at least one is present; null for all
-- param most integer: rows on a page
-- param skip integer: rows before the page
-- param seed integer: a random order by this seed; null for newest first
with matching as (
    select piece_key, id, outlet, published, date_precision, title, topic_key, is_original, copy_group
    from piece
    where @in_scope
        and @counted
        and ($query::varchar is null or contains(lower(title), lower($query)) or contains(lower(text), lower($query)))
        and ($frames::varchar[] is null or exists (
            select 1 from piece_frame as carried
            where carried.piece_key = piece.piece_key and carried.present
                and carried.frame in (select unnest($frames::varchar[]))
        ))
),
page as (
    select *
    from matching
    order by
        case when $seed::integer is null then published end desc nulls last,
        case when $seed::integer is not null then hash(piece_key + $seed::integer) end,
        piece_key
    limit $most offset $skip
),
final as (
    select
        page.*,
        coalesce(list(piece_frame.frame order by piece_frame.frame) filter (where piece_frame.present), []) as frames
    from page
    left join piece_frame using (piece_key)
    group by all
)
select * from final
order by
    case when $seed::integer is null then published end desc nulls last,
    case when $seed::integer is not null then hash(piece_key + $seed::integer) end,
    piece_key
