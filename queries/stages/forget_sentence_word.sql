-- name: forget_sentence_word
-- grain: no rows
-- doc: deletes rows of sentence_word that another version of the stage made
-- param version varchar: version to keep
delete from sentence_word
where piece_key in (select piece_key from stage_piece where stage = 'terms' and version <> $version)
