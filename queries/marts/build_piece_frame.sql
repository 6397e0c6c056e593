-- name: build_piece_frame
-- grain: one row per piece and frame
-- doc: piece_frame rows, sorted so that readers skip what they do not need
create table build.piece_frame as select * from piece_frame order by frame, piece_key
