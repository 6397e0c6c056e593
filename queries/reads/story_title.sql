-- name: story_title
-- grain: one row, or none
-- doc: the title of a story that at least two pieces told
-- param story varchar: the story's key
select title from story where story_key = $story
