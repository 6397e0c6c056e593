-- name: runs
-- grain: one row per run
-- doc: runs in order of their start
select * from run order by started_at, run_id
