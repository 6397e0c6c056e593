-- name: stories_in_scope
-- grain: one row per story with pieces in scope
-- doc: stories by how many outlets in scope told them; pieces, outlets and days are those in scope
-- param query varchar: words to find in the story's title or a headline, any case; null for all
with told as (
    select
        story_key,
        count(*)::bigint as pieces,
        count(distinct outlet)::bigint as outlets,
        count(*) filter (where not is_original)::bigint as copies,
        min(published) as first_day,
        max(published) as last_day,
        bool_or($query::varchar is null or contains(lower(title), lower($query))) as matches
    from piece
    where in_story
        and @in_scope
    group by story_key
)
select story_key, story.title, told.pieces, told.outlets, told.copies, told.first_day, told.last_day
from told
join story using (story_key)
where told.matches or contains(lower(story.title), lower($query))
order by told.outlets desc, told.pieces desc, story_key
