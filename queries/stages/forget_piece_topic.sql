-- name: forget_piece_topic
-- grain: no rows
-- doc: deletes rows of piece_topic that another version of the stage made
-- param version varchar: version to keep
delete from piece_topic
where piece_key in (select piece_key from stage_piece where stage = 'topics' and version <> $version)
