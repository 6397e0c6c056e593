-- name: build_sentence
-- grain: one row per piece and sentence
-- doc: sentence rows, sorted so that readers skip what they do not need
create table build.sentence as select * from sentence order by piece_key, sentence
