-- name: copies_between
-- grain: one row per pair of outlets
-- doc: whose text is printed by whom, by copies in scope
select origin.outlet as origin, copy.outlet as printed_by, count(*)::bigint as copies
from piece as copy
join piece as origin on origin.copy_group = copy.copy_group and origin.is_original
where not copy.is_original
    and @in_scope(copy)
group by all
order by copies desc, origin, printed_by
