-- name: build_topic
-- grain: one row per topic, unassigned included
-- doc: topics with their size in pieces
create table build.topic as
with sized as (
    select topic_key, count(*) as pieces, count(*) filter (where is_original) as originals,
        avg(map_x) as x, avg(map_y) as y
    from build.piece
    group by topic_key
),
final as (
    select
        sized.topic_key,
        coalesce(topic.label, 'Unassigned') as label,
        coalesce(topic.words, []::varchar[]) as words,
        sized.pieces,
        sized.originals,
        sized.x,
        sized.y
    from sized
    left join topic using (topic_key)
)
select * from final order by pieces desc, topic_key
