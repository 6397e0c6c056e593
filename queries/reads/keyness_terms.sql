-- name: keyness_terms
-- grain: one row per term and counted piece that has it
-- doc: how often, ordered by term and cluster
-- param pairs boolean: pairs of words, or single words
-- param functions boolean: whether function words are counted
-- param least integer: fewest pieces of the corpus with the term
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key
    from piece
    where @in_scope
        and @counted
    order by hash(piece_key + $seed)
    limit $most
)
select term_key, cluster, piece_key, n
from piece_term
where term_key in (select term_key from term where is_pair = $pairs and ($functions or not is_function) and pieces >= $least)
    and piece_key in (from chosen)
