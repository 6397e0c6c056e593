-- name: piece
-- grain: one row, or none
-- doc: one piece with its text
-- param id varchar: the piece
select piece.*, topic.label as topic_label
from piece
left join topic using (topic_key)
where piece.id = $id
