-- name: piece_frames
-- grain: one row per frame
-- doc: one piece's scores and decisions
-- param id varchar: the piece
select frame, score, present
from piece_frame
where piece_key = (select piece_key from piece where id = $id)
order by frame
