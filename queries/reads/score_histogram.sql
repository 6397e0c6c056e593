-- name: score_histogram
-- grain: one row per frame and bin of scores that holds a piece
-- doc: how many pieces in scope have a score in each of so many equal bins; bin 0 begins at 0
-- param bins integer: how many bins from 0 to 1
select
    piece_frame.frame,
    least(floor(piece_frame.score * $bins)::integer, $bins - 1) as bin,
    count(*)::bigint as n
from piece
join piece_frame using (piece_key)
where @in_scope
    and @counted
group by all
order by all
