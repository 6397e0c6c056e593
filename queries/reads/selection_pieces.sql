-- name: selection_pieces
-- grain: one row per peer and story that enough peers told, and frame
-- doc: each peer's first piece on such a story, and whether the outlet told the story too
-- param outlet varchar: whose selection it is
-- param peers varchar[]: outlets that its selection is held against
-- param least integer: peers that told a story, at least
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
with chosen as (
    select piece_key, id, outlet, published, week, month, topic_key, is_original, copy_group, story_key
    from piece
    where in_story and is_lead and outlet in (select unnest($peers::varchar[]))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
),
enough as (
    select story_key, count(*)::bigint as peers
    from chosen
    group by story_key
    having count(*) >= $least
),
own as (
    select distinct story_key from piece where outlet = $outlet
)
select
    chosen.piece_key, chosen.id as piece, chosen.outlet, chosen.published, coalesce(chosen.week, chosen.month) as start,
    chosen.topic_key, chosen.is_original, chosen.copy_group, chosen.story_key, story.title, enough.peers,
    own.story_key is not null as covered,
    piece_frame.frame, piece_frame.score::double as score, piece_frame.present
from chosen
join enough using (story_key)
join story using (story_key)
left join own using (story_key)
join piece_frame using (piece_key)
order by chosen.piece_key, piece_frame.frame
