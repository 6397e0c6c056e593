-- name: build_sentence_frame
-- grain: one row per piece, sentence and frame
-- doc: sentence_frame rows, sorted so that readers skip what they do not need
create table build.sentence_frame as select * from sentence_frame order by piece_key, sentence, frame
