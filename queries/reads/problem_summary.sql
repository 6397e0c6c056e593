-- name: problem_summary
-- grain: one row per severity, reason and field
-- doc: findings about input rows, counted
select severity, reason, coalesce(field, '') as field, count(*)::bigint as findings
from problem group by all order by severity desc, findings desc, reason
