-- name: forget_sentence
-- grain: no rows
-- doc: deletes rows of sentence that another version of the stage made
-- param version varchar: version to keep
delete from sentence
where piece_key in (select piece_key from stage_piece where stage = 'sentences' and version <> $version)
