-- name: stale_pieces
-- grain: one row per piece done by the stage at another version
-- doc: whose rows have to go before the stage runs
-- param stage varchar: the stage's name
-- param version varchar: version of what makes its rows
select piece_key from stage_piece where stage = $stage and version <> $version order by piece_key
