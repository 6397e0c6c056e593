-- name: printed
-- grain: one row per piece that is in a group of copies or credits an agency
-- doc: whose text it is: the group's origin and its outlet, and the credit, by outlet and day
with origins as (
    select copy_group, id as origin, outlet as origin_outlet
    from piece
    where copy_group is not null and is_original
)
select
    piece.id, piece.outlet, piece.published, piece.title, piece.copy_group, origins.origin, origins.origin_outlet,
    piece.is_original, credit.agency, credit.how
from piece
left join origins using (copy_group)
left join credit using (piece_key)
where piece.copy_group is not null or credit.agency is not null
order by piece.copy_group nulls last, piece.published nulls last, piece.id
