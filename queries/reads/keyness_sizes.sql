-- name: keyness_sizes
-- grain: one row per group of pieces that has any in scope, largest first
-- doc: pieces, words, clusters (pieces on one story or with one text; others are their own) and the sum of the clusters' squared words of each group
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param side varchar: what divides pieces: 'outlet', 'topic', 'year', 'quarter' or 'event'; 'frame' takes all pieces together
-- param event date: for 'event': the first day of the group 'after'
-- param groups varchar[]: groups that are told apart; the others are one, null; null for all groups
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, hash(case when in_story then story_key else coalesce(copy_group, -piece_key)::varchar end) as cluster, case $side
            when 'outlet' then outlet
            when 'topic' then topic_key
            when 'year' then strftime(published, '%Y')
            when 'quarter' then strftime(month, '%Y') || '-Q' || quarter(month)
            when 'event' then case when date_precision = 'day' and published < $event::date then 'before' when date_precision = 'day' then 'after' end
            else '(all)'
        end as side
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by hash(piece_key + $seed)
    limit $most
),
clustered as (
    select case when $groups::varchar[] is null or side in (select unnest($groups::varchar[])) then side end as side, cluster, count(*) as pieces, sum(words) as words
    from chosen
    join piece_words using (piece_key)
    where side is not null and frame is null
    group by all
)
select side, sum(pieces)::bigint as pieces, sum(words)::bigint as words, count(*)::bigint as clusters, sum(words * words)::double as spread
from clustered
group by side
order by words desc, side
