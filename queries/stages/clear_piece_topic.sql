-- name: clear_piece_topic
-- grain: no rows
-- doc: empties piece_topic before it is written afresh
delete from piece_topic
