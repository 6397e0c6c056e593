-- name: forget_signature
-- grain: no rows
-- doc: deletes rows of signature that another version of the stage made
-- param version varchar: version to keep
delete from signature
where piece_key in (select piece_key from stage_piece where stage = 'copies' and version <> $version)
