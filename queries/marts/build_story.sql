-- name: build_story
-- grain: one row per story told by at least two pieces
-- doc: stories with their size, the outlets that told them and their days
create table build.story as
select
    story.story_key,
    story.title,
    count(*)::bigint as pieces,
    count(distinct piece.outlet)::bigint as outlets,
    min(piece.published) as first_day,
    max(piece.published) as last_day
from story
join build.piece as piece using (story_key)
group by all
order by outlets desc, pieces desc, story.story_key
