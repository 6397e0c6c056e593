-- name: build_run
-- grain: one row per run
-- doc: how the labels came about
create table build.run as select * from run order by started_at, run_id
