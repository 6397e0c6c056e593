-- name: coded_pieces
-- grain: one row per named piece in scope and frame
-- doc: where the pieces that people coded belong, with the model's score and decision
-- param ids varchar[]: the coded pieces
select
    piece.id as piece, piece.outlet, piece.topic_key, piece.published, piece.week, piece.month, piece.title,
    piece.copy_group, piece.story_key, piece.is_original, piece.is_lead, piece_frame.frame, piece_frame.score::double as score, piece_frame.present
from piece
join piece_frame using (piece_key)
where piece.id in (select unnest($ids::varchar[]))
    and @in_scope
    and @counted
order by piece.piece_key, piece_frame.frame
