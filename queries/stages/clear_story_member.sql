-- name: clear_story_member
-- grain: no rows
-- doc: empties story_member before it is written afresh
delete from story_member
