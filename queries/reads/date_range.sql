-- name: date_range
-- grain: one row
-- doc: first and last dated piece
select min(first_day) as first_day, max(last_day) as last_day from outlet
