-- name: keyness_terms
-- grain: one row per term and counted piece that has it
-- doc: how often, ordered by term and cluster
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param pairs boolean: pairs of words, or single words
-- param functions boolean: whether function words are counted
-- param least integer: fewest pieces of the corpus with the term
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
    order by hash(piece_key + $seed)
    limit $most
)
select term_key, cluster, piece_key, n
from piece_term
where term_key in (select term_key from term where is_pair = $pairs and ($functions or not is_function) and pieces >= $least)
    and piece_key in (from chosen)
