-- name: reporting_by_outlet
-- grain: one row per outlet and source of its text
-- doc: whose text an outlet's pieces in scope are: 'copy' of a piece that another outlet had first,
-- doc: 'agency' text by its credit, 'help' of an agency that is credited, or 'own' for all that shows
-- doc: neither; an agency's own pieces are its own
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
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
    where ($outlets::varchar[] is null or piece.outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
),
counted as (
    select outlet, source, count(*)::bigint as k
    from sourced
    group by all
)
select outlet, source, k, (sum(k) over (partition by outlet))::bigint as n
from counted
order by n desc, outlet, source
