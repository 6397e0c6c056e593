-- name: start_run
-- grain: no rows
-- doc: notes that a run of a stage has begun
-- param run_id varchar: the run
-- param stage varchar: the stage
-- param version varchar: version of what makes the rows
-- param params varchar: settings as JSON
-- param started_at varchar: ISO time
-- param pieces integer: how many pieces it has to do
insert into run (run_id, stage, version, params, started_at, pieces)
values ($run_id, $stage, $version, $params, $started_at::timestamp, $pieces)
