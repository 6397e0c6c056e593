-- name: build_runs
-- grain: one row per run of a stage
-- doc: how the labels came about
select * from run order by started_at, run_id
