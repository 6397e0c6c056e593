-- name: forget_quotation
-- grain: no rows
-- doc: deletes rows of quotation that another version of the stage made
-- param version varchar: version to keep
delete from quotation
where piece_key in (select piece_key from stage_piece where stage = 'voices' and version <> $version)
