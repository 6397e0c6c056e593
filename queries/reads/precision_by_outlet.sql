-- name: precision_by_outlet
-- grain: one row per outlet and date precision
-- doc: how exactly pieces are dated
select outlet, date_precision, sum(n_item)::bigint as n from roll_piece group by all order by all
