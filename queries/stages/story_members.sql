-- name: story_members
-- grain: one row per piece in a story
-- doc: the stories of the last run
select piece_key, story_key from story_member order by piece_key
