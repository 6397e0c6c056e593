-- name: stories_of_pieces
-- grain: one row per piece
-- doc: the story of every piece; a piece that is alone with its event is a story of one
select
    piece.id,
    piece.story_key as story,
    coalesce(story.title, piece.title) as story_title,
    piece.title,
    piece.outlet,
    piece.published,
    coalesce(story.pieces, 1) as pieces,
    coalesce(story.outlets, 1) as outlets
from piece
left join story using (story_key)
order by story.first_day nulls last, piece.story_key, piece.published nulls last, piece.id
