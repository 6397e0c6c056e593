-- name: clear_topic
-- grain: no rows
-- doc: empties topic before it is written afresh
delete from topic
