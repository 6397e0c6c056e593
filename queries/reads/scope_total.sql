-- name: scope_total
-- grain: one row
-- doc: how many pieces are in scope, and how many a date filter leaves out for want of a date
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
with chosen as (
    select *
    from roll_piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
),
marked as (
    select
        *,
        ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date) as inside
    from chosen
)
select
    coalesce(sum(n_item) filter (where inside), 0)::bigint as items,
    coalesce(sum(n_original) filter (where inside), 0)::bigint as originals,
    coalesce(sum(n_lead) filter (where inside), 0)::bigint as leads,
    coalesce(sum(n_item) filter (where coalesce(week, month) is null), 0)::bigint as undated,
    count(distinct outlet) filter (where inside)::bigint as outlets,
    count(distinct topic_key) filter (where inside)::bigint as topics
from marked
