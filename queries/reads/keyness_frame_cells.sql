-- name: keyness_frame_cells
-- grain: one row per term, frame and side with the term: inside (sentences that carry the frame) or not (all other sentences of the pieces in scope)
-- doc: keyness_cells between sentences. Sums over the other sentences come from those over whole pieces, less what is inside: (n - i)^2 and (n - i) * (words - inside words), multiplied out
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param frames varchar[]: frames
-- param pairs boolean: pairs of words, or single words
-- param functions boolean: whether function words are counted
-- param least integer: fewest pieces with the term
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, hash(case when in_story then story_key else copy_group::varchar end) as cluster, in_story or copy_group is not null as is_shared
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by hash(piece_key + $seed)
    limit $most
),
wanted as (
    select term_key from term where is_pair = $pairs and ($functions or not is_function) and pieces >= $least
),
wholly as (
    select piece_key, cluster, is_shared, words from chosen join piece_words using (piece_key) where frame is null
),
inside as (
    select piece_words.piece_key, frame, piece_words.words, cluster, is_shared, wholly.words as all_words
    from piece_words
    join wholly using (piece_key)
    where frame in (select unnest($frames::varchar[]))
),
cluster_size as (select cluster, sum(words) as words from wholly where is_shared group by cluster),
cluster_inside as (select frame, cluster, sum(words) as words from inside where is_shared group by frame, cluster),
-- sums over whole pieces
cluster_term as (
    select term_key, cluster, sum(n) as n, count(*) as pieces
    from piece_term
    join wholly using (piece_key)
    where is_shared and term_key in (from wanted)
    group by term_key, cluster
),
whole as (
    select term_key, sum(n) as n, sum(pieces) as pieces, sum(squares) as squares, sum(crossed) as crossed
    from (
        select term_key, sum(n) as n, count(*) as pieces, sum(n * n) as squares, sum(n * words) as crossed
        from piece_term
        join wholly using (piece_key)
        where not is_shared and term_key in (from wanted)
        group by term_key
        union all
        select term_key, sum(n), sum(pieces), sum(n * n), sum(n * words)
        from cluster_term
        join cluster_size using (cluster)
        group by term_key
    ) as parts
    group by term_key
),
-- uses in the whole piece times words inside
mixed as (
    select term_key, frame, sum(mixed) as mixed
    from (
        select term_key, frame, sum(n * words) as mixed
        from piece_term
        join inside using (piece_key)
        where not is_shared and term_key in (from wanted)
        group by term_key, frame
        union all
        select term_key, frame, sum(n * words)
        from cluster_term
        join cluster_inside using (cluster)
        group by term_key, frame
    ) as parts
    group by term_key, frame
),
-- sums over what is inside
cluster_frame as (
    select term_key, frame, cluster, sum(n) as n, count(*) as pieces, count(*) filter (where n = n_piece) as only_inside
    from term_frame
    join inside using (frame, piece_key)
    where is_shared and term_key in (from wanted)
    group by term_key, frame, cluster
),
within_frame as (
    select term_key, frame, sum(n) as n, sum(pieces) as pieces, sum(only_inside) as only_inside, sum(squares) as squares, sum(crossed) as crossed, sum(both_n) as both_n, sum(all_words) as all_words
    from (
        select term_key, frame, sum(n) as n, count(*) as pieces, count(*) filter (where n = n_piece) as only_inside, sum(n * n) as squares, sum(n * words) as crossed, sum(n * n_piece) as both_n, sum(n * all_words) as all_words
        from term_frame
        join inside using (frame, piece_key)
        where not is_shared and term_key in (from wanted)
        group by term_key, frame
        union all
        select term_key, frame, sum(i.n), sum(i.pieces), sum(i.only_inside), sum(i.n * i.n), sum(i.n * cluster_inside.words), sum(i.n * w.n), sum(i.n * cluster_size.words)
        from cluster_frame as i
        join cluster_term as w using (term_key, cluster)
        join cluster_inside using (frame, cluster)
        join cluster_size using (cluster)
        group by term_key, frame
    ) as parts
    group by term_key, frame
),
final as (
    select term_key, frame, true as inside, n as tokens, pieces, squares, crossed from within_frame
    union all
    select
        term_key,
        frame,
        false as inside,
        whole.n - coalesce(i.n, 0) as tokens,
        whole.pieces - coalesce(i.only_inside, 0) as pieces,
        whole.squares - 2 * coalesce(i.both_n, 0) + coalesce(i.squares, 0) as squares,
        whole.crossed - coalesce(mixed.mixed, 0) - coalesce(i.all_words, 0) + coalesce(i.crossed, 0) as crossed
    from whole
    cross join (select unnest($frames::varchar[]) as frame) as asked
    left join within_frame as i using (term_key, frame)
    left join mixed using (term_key, frame)
    where whole.n > coalesce(i.n, 0)
)
select term.term, frame, inside, final.tokens::bigint as tokens, final.pieces::bigint as pieces, squares::double as squares, crossed::double as crossed
from final
join term using (term_key)
order by term_key, frame, inside desc
