-- name: copies_between
-- grain: one row per pair of outlets
-- doc: whose text is printed by whom, by copies in scope
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
select origin.outlet as origin, copy.outlet as printed_by, count(*)::bigint as copies
from piece as copy
join piece as origin on origin.copy_group = copy.copy_group and origin.is_original
where not copy.is_original
    and ($outlets::varchar[] is null or copy.outlet in (select unnest($outlets::varchar[])))
    and ($topics::varchar[] is null or copy.topic_key in (select unnest($topics::varchar[])))
    and ($day_from::date is null or coalesce(copy.week, copy.month) >= $day_from::date)
    and ($day_to::date is null or coalesce(copy.week, copy.month) <= $day_to::date)
group by all
order by copies desc, origin, printed_by
