-- name: in_scope
-- doc: what lies in the reader's scope: pieces, or sums over pieces of one outlet, topic, week and month
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
($outlets::varchar[] is null or @.outlet in (select unnest($outlets::varchar[])))
    and ($topics::varchar[] is null or @.topic_key in (select unnest($topics::varchar[])))
    and ($day_from::date is null or coalesce(@.week, @.month) >= $day_from::date)
    and ($day_to::date is null or coalesce(@.week, @.month) <= $day_to::date)
