-- name: compared_pieces
-- grain: one row per piece in scope on either side of a comparison, and frame
-- doc: side 0 is the outlet, or, where a day divides, what it published from that day on; side 1 is the comparator,
-- doc: or what was before. A piece's cluster is its story, or its copies where it has no story, or itself.
-- param frame varchar: the frame
-- param one varchar: the outlet; null, where a day divides, for all
-- param other varchar: the comparator; null for all other outlets
-- param since date: a Monday that divides time; null: outlets are compared
with sided as (
    select
        *,
        case
            when $since::date is not null then
                case
                    when $one::varchar is not null and outlet <> $one then null
                    when coalesce(week, month) >= $since::date then 0
                    when coalesce(week, month) < $since::date then 1
                end
            when outlet = $one then 0
            when $other::varchar is null or outlet = $other then 1
        end as side
    from piece
    where @in_scope
        and @counted
)
select
    sided.id as piece,
    sided.side::bigint as side,
    sided.topic_key as topic,
    sided.story_key as story,
    @cluster(sided) as cluster,
    piece_frame.score::double as score,
    piece_frame.present
from sided
join piece_frame using (piece_key)
where sided.side is not null and piece_frame.frame = $frame
order by sided.piece_key
