-- name: headlines_by_outlet
-- grain: one row per outlet and frame
-- doc: pieces in scope whose headline carries the frame, whose body does, and both
select
    piece.outlet,
    headline.frame,
    count(*) filter (where in_headline)::bigint as headline,
    count(*) filter (where in_body)::bigint as body,
    count(*) filter (where in_headline and in_body)::bigint as both
from headline
join piece using (piece_key)
where paired
    and @in_scope
    and @counted
group by all
order by all
