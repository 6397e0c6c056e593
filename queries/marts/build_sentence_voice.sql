-- name: build_sentence_voice
-- grain: one row per piece and sentence that is not the outlet's own voice
-- doc: sentence_voice rows, sorted so that readers skip what they do not need
create table build.sentence_voice as select * from sentence_voice order by piece_key, sentence
