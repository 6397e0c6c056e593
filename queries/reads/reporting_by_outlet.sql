-- name: reporting_by_outlet
-- grain: one row per outlet and source of its text
-- doc: whose text an outlet's pieces in scope are: 'copy' of a piece that another outlet had first,
-- doc: 'agency' text by its credit, 'help' of an agency that is credited, or 'own' for all that shows
-- doc: neither; an agency's own pieces are its own
with origins as (
    select copy_group, outlet
    from piece
    where copy_group is not null and is_original
),
sourced as (
    select
        piece.outlet,
        case
            when not piece.is_original and origins.outlet <> piece.outlet then 'copy'
            when credit.how in ('byline', 'dateline', 'notice') then 'agency'
            when credit.how = 'contributed' then 'help'
            else 'own'
        end as source
    from piece
    left join origins using (copy_group)
    left join credit using (piece_key)
    where @in_scope(piece)
),
counted as (
    select outlet, source, count(*)::bigint as k
    from sourced
    group by all
)
select outlet, source, k, (sum(k) over (partition by outlet))::bigint as n
from counted
order by n desc, outlet, source
