-- name: labels
-- grain: one row per piece and frame
-- doc: every piece in scope with its score and decision for each frame
select
    piece.id, piece.outlet, piece.published, piece.date_precision, piece.topic_key,
    piece.is_original, piece.copy_group, piece.story_key, piece.is_lead, piece.url, piece.title,
    piece_frame.frame, piece_frame.score, piece_frame.present
from piece
join piece_frame using (piece_key)
    where @in_scope
    and @counted
order by piece.piece_key, piece_frame.frame
