-- name: problems
-- grain: one row per finding
-- doc: findings about input rows, first `most`
-- param most integer: how many at most
select path, row_number, severity, reason, coalesce(field, '') as field, coalesce(value, '') as value
from problem order by severity desc, path, row_number limit $most
