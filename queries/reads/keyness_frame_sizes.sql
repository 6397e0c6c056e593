-- name: keyness_frame_sizes
-- grain: one row per frame and side: inside (sentences that carry the frame) or not (all other sentences of the pieces in scope)
-- doc: pieces, words, clusters and the sum of the clusters' squared words, as keyness_sizes
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param frames varchar[]: frames
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, hash(case when in_story then story_key else coalesce(copy_group, -piece_key)::varchar end) as cluster
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by hash(piece_key + $seed)
    limit $most
),
sides as (
    select frame, true as inside, piece_key, cluster, words
    from chosen
    join piece_words using (piece_key)
    where frame in (select unnest($frames::varchar[]))
    union all
    select asked.frame, false as inside, piece_key, cluster, whole.words - coalesce(own.words, 0) as words
    from chosen
    join piece_words as whole using (piece_key)
    cross join (select unnest($frames::varchar[]) as frame) as asked
    left join piece_words as own on own.piece_key = whole.piece_key and own.frame = asked.frame
    where whole.frame is null
),
clustered as (
    select frame, inside, cluster, count(*) as pieces, sum(words) as words from sides where words > 0 group by all
)
select frame, inside, sum(pieces)::bigint as pieces, sum(words)::bigint as words, count(*)::bigint as clusters, sum(words * words)::double as spread
from clustered
group by frame, inside
order by frame, inside desc
