-- name: mark_done
-- grain: no rows
-- doc: notes pieces as done by a stage
-- param stage varchar: the stage's name
-- param version varchar: version of what made the rows
insert into stage_piece (stage, piece_key, version)
select $stage, piece_key, $version from incoming
