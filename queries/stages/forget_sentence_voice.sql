-- name: forget_sentence_voice
-- grain: no rows
-- doc: deletes rows of sentence_voice that another version of the stage made
-- param version varchar: version to keep
delete from sentence_voice
where piece_key in (select piece_key from stage_piece where stage = 'voices' and version <> $version)
