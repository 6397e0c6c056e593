-- name: forget_sentence_frame
-- grain: no rows
-- doc: deletes rows of sentence_frame that another version of the stage made
-- param version varchar: version to keep
delete from sentence_frame
where piece_key in (select piece_key from stage_piece where stage = 'frames' and version <> $version)
