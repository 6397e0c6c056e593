-- name: end_run
-- grain: no rows
-- doc: notes that a run has ended
-- param run_id varchar: the run
-- param ended_at varchar: ISO time
update run set ended_at = $ended_at::timestamp where run_id = $run_id
