-- name: search_page
-- grain: one row per hit on a page
-- doc: what a search found in scope (incoming_hit: piece_key, sentence, score), with where a hit's sentence stands (null for a piece)
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param sort varchar: 'relevance', 'newest' or 'oldest'
-- param most integer: rows on a page
-- param skip integer: rows before the page
with page as (
    select hit.*
    from incoming_hit as hit
    join piece using (piece_key)
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by
        case when $sort = 'relevance' then score end desc,
        case when $sort != 'oldest' then published end desc nulls last,
        published nulls last,
        piece_key,
        hit.sentence
    limit $most offset $skip
)
select piece.id, piece.outlet, piece.published, piece.title, piece.text, piece.topic_key, page.sentence, place.start_char, place.end_char, page.score
from page
join piece using (piece_key)
left join sentence as place on place.piece_key = page.piece_key and place.sentence = page.sentence
order by
    case when $sort = 'relevance' then score end desc,
    case when $sort != 'oldest' then published end desc nulls last,
    published nulls last,
    page.piece_key,
    page.sentence
