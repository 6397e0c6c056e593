-- name: story_pieces
-- grain: one row per piece of a story
-- doc: who told a story, when and under which headline; of a copy, who had the text first
-- param story varchar: the story's key
select
    piece.piece_key, piece.id, piece.outlet, piece.published, piece.title, piece.text, piece.is_lead, piece.is_original,
    origin.outlet as copied_from
from piece
left join piece as origin
    on origin.copy_group = piece.copy_group and origin.is_original and not piece.is_original
where piece.story_key = $story
order by piece.published nulls last, piece.outlet, piece.id
