-- name: keyness_cells
-- grain: one row per term and group with the term
-- doc: how often a term stands in the pieces of a group, and the sums over clusters (pieces on one story or with one text; others are their own) that its variance needs; `side` is the group's place in the list, 0 for all others
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param side varchar: what divides pieces: 'outlet', 'topic', 'year', 'quarter' or 'event'
-- param event date: for 'event': the first day of the group 'after'
-- param groups varchar[]: groups that are told apart
-- param pairs boolean: pairs of words, or single words
-- param functions boolean: whether function words are counted
-- param least integer: fewest pieces with the term
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, hash(case when in_story then story_key else copy_group::varchar end) as cluster, in_story or copy_group is not null as is_shared, case $side
            when 'outlet' then outlet
            when 'topic' then topic_key
            when 'year' then strftime(published, '%Y')
            when 'quarter' then strftime(month, '%Y') || '-Q' || quarter(month)
            when 'event' then case when date_precision = 'day' and published < $event::date then 'before' when date_precision = 'day' then 'after' end
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
    select piece_key, cluster, is_shared, words, coalesce(list_position($groups::varchar[], side), 0)::usmallint as side
    from chosen
    join piece_words using (piece_key)
    where side is not null and frame is null
),
wanted as (
    select term_key from term where is_pair = $pairs and ($functions or not is_function) and pieces >= $least
),
sized as (
    select side, cluster, sum(words) as words from grouped where is_shared group by all
),
alone as (
    select term_key, side, sum(n) as tokens, count(*) as pieces, sum(n * n) as squares, sum(n * words) as crossed
    from piece_term
    join grouped using (piece_key)
    where not is_shared and term_key in (from wanted)
    group by term_key, side
),
shared as (
    select term_key, side, cluster, sum(n) as n, count(*) as pieces
    from piece_term
    join grouped using (piece_key)
    where is_shared and term_key in (from wanted)
    group by term_key, side, cluster
),
together as (
    select term_key, side, sum(n) as tokens, sum(pieces) as pieces, sum(n * n) as squares, sum(n * words) as crossed
    from shared
    join sized using (side, cluster)
    group by term_key, side
),
final as (
    select term_key, side, sum(tokens)::bigint as tokens, sum(pieces)::bigint as pieces, sum(squares)::double as squares, sum(crossed)::double as crossed
    from (from alone union all from together) as parts
    group by term_key, side
)
select term.term, term.is_function, final.*
from final
join term using (term_key)
order by term_key, side
