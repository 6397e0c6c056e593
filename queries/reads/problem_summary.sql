-- name: problem_summary
-- grain: one row per severity, reason and field
-- doc: findings about input rows and files, counted, with the value of the first one
select severity, reason, coalesce(field, '') as field, count(*)::bigint as findings,
    coalesce(first(value order by path, row_number), '') as example
from problem group by all order by severity desc, findings desc, reason
