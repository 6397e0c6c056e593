-- name: compared_pieces
-- grain: one row per piece in scope on either side of a comparison, and frame
-- doc: side 0 is the outlet, or, where a day divides, what it published from that day on; side 1 is the comparator,
-- doc: or what was before. A piece's cluster is its story, or its copies where it has no story, or itself.
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
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
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
)
select
    sided.id as piece,
    sided.side::bigint as side,
    sided.topic_key as topic,
    sided.story_key as story,
    case when sided.in_story or sided.copy_group is null then sided.story_key else 'copies ' || sided.copy_group end as cluster,
    piece_frame.score::double as score,
    piece_frame.present
from sided
join piece_frame using (piece_key)
where sided.side is not null and piece_frame.frame = $frame
order by sided.piece_key
