-- name: sampling_frame
-- grain: one row per piece and frame
-- doc: every piece in scope that a sample could hold, with its scores; period is the first day of
-- doc: its month, null where the date is coarser or missing
select
    piece.id as piece, piece.piece_key, piece.outlet, piece.month as period, piece.copy_group,
    piece_frame.frame, piece_frame.score::double as score
from piece
join piece_frame using (piece_key)
where @in_scope
    and @counted
order by piece.id, piece_frame.frame
