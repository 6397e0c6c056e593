-- name: search_pieces
-- grain: one row per piece
-- doc: what a search can ask of a piece besides its words; `frames` are those that it carries
select piece.piece_key, piece.outlet, piece.topic_key, piece.published,
    coalesce(list(piece_frame.frame order by piece_frame.frame) filter (where piece_frame.present), []) as frames
from piece
left join piece_frame using (piece_key)
group by all
order by piece.piece_key
