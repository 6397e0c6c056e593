-- name: clear_story
-- grain: no rows
-- doc: empties story before it is written afresh
delete from story
