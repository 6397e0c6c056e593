-- name: outlets_around
-- grain: one row per outlet with pieces around a story's days
-- doc: who was there to tell a story, and whether they did; pieces are all within a week of it
-- param outlets varchar[]: outlets in scope; null for all
-- param story varchar: the story's key
with days as (
    select min(published) as first_day, max(published) as last_day from piece where story_key = $story
)
select
    piece.outlet,
    count(*)::bigint as pieces,
    bool_or(piece.story_key = $story) as told
from piece, days
where (piece.published between days.first_day - 7 and days.last_day + 7 or piece.story_key = $story)
    and ($outlets::varchar[] is null or piece.outlet in (select unnest($outlets::varchar[])))
group by piece.outlet
order by pieces desc, piece.outlet
