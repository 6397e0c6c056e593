-- name: search_page
-- grain: one row per hit on a page
-- doc: what a search found in scope (incoming_hit: piece_key, sentence, score), with where a hit's sentence stands (null for a piece)
-- param sort varchar: 'relevance', 'newest' or 'oldest'
-- param most integer: rows on a page
-- param skip integer: rows before the page
with page as (
    select hit.*
    from incoming_hit as hit
    join piece using (piece_key)
    where @in_scope
        and @counted
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
