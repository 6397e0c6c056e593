-- name: forget_stage
-- grain: no rows
-- doc: forgets that a stage has done any piece at another version
-- param stage varchar: the stage's name
-- param version varchar: version to keep
delete from stage_piece where stage = $stage and version <> $version
