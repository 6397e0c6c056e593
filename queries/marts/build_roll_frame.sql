-- name: build_roll_frame
-- grain: one row per outlet, topic, week, month, date precision and frame
-- doc: numerators: pieces that carry the frame, and sums of scores and of their squares
create table build.roll_frame as
select
    piece.outlet,
    piece.topic_key,
    piece.week,
    piece.month,
    piece.date_precision,
    piece_frame.frame,
    count(*) filter (where piece_frame.present)::bigint as k_item,
    count(*) filter (where piece_frame.present and piece.is_original)::bigint as k_original,
    count(*) filter (where piece_frame.present and piece.is_lead)::bigint as k_lead,
    sum(piece_frame.score)::double as score_item,
    coalesce(sum(piece_frame.score) filter (where piece.is_original), 0)::double as score_original,
    coalesce(sum(piece_frame.score) filter (where piece.is_lead), 0)::double as score_lead,
    sum(piece_frame.score * piece_frame.score)::double as square_item,
    coalesce(sum(piece_frame.score * piece_frame.score) filter (where piece.is_original), 0)::double as square_original,
    coalesce(sum(piece_frame.score * piece_frame.score) filter (where piece.is_lead), 0)::double as square_lead
from build.piece as piece
join piece_frame using (piece_key)
group by all
order by outlet, week, topic_key, frame
