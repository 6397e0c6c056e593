-- name: printed_texts
-- grain: one row per group of copies with a piece in scope
-- doc: groups of copies, the most printed first: origin, how many pieces, outlets and headlines
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
with inside as (
    select distinct copy_group
    from piece
    where copy_group is not null
        and ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
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
