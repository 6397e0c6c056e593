-- name: printed_texts
-- grain: one row per group of copies with a piece in scope
-- doc: groups of copies, the most printed first: origin, how many pieces, outlets and headlines
with inside as (
    select distinct copy_group
    from piece
    where copy_group is not null
        and @in_scope
)
select
    copy_group,
    any_value(piece.title) filter (where is_original) as title,
    any_value(piece.outlet) filter (where is_original) as origin,
    min(published) as first_day,
    count(*)::bigint as pieces,
    count(distinct outlet)::bigint as outlets,
    count(distinct lower(trim(piece.title)))::bigint as headlines
from piece
join inside using (copy_group)
group by copy_group
order by pieces desc, outlets desc, first_day nulls last, copy_group
