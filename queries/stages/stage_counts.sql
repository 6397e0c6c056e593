-- name: stage_counts
-- grain: one row per stage and version
-- doc: what each stage has done
select stage, version, count(*)::bigint as pieces from stage_piece group by all order by all
