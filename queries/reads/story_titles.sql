-- name: story_titles
-- grain: one row per story named
-- doc: titles of stories; of a piece that is alone with its event, its own
-- param keys varchar[]: story keys
with named as (select unnest($keys::varchar[]) as story_key),
final as (
    select
        named.story_key,
        coalesce(story.title, piece.title) as title
    from named
    left join story using (story_key)
    left join piece on piece.id = named.story_key
)
select * from final order by story_key
