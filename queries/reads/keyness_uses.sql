-- name: keyness_uses
-- grain: one row per term, cluster and group
-- doc: how often terms stand in clusters (pieces on one story or with one text; others are their own) of groups; `side` is the group's place in the list, 0 for all others
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param side varchar: what divides pieces: 'outlet', 'topic', 'year', 'quarter', 'event' or 'frame'
-- param event date: for 'event': the first day of the group 'after'
-- param groups varchar[]: groups that are told apart
-- param terms varchar[]: the terms
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
grouped as (
    select piece_key, cluster, coalesce(list_position($groups::varchar[], side), 0)::usmallint as side
    from chosen
    where side is not null
),
wanted as (
    select term_key, term from term where term in (select unnest($terms::varchar[]))
),
used as (
    select term_key, piece_key, 0 as of_frame, n from piece_term where term_key in (select term_key from wanted)
    union all
    select term_key, piece_key, list_position($groups::varchar[], frame) as of_frame, n
    from term_frame
    where $side = 'frame' and term_key in (select term_key from wanted) and frame in (select unnest($groups::varchar[]))
),
final as (
    select term_key, cluster, (case $side when 'frame' then of_frame else side end)::usmallint as side, sum(n)::bigint as n
    from used
    join grouped using (piece_key)
    group by all
)
select term, cluster, final.side, n from final join wanted using (term_key) order by term_key, cluster, side
