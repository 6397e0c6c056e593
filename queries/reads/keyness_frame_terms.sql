-- name: keyness_frame_terms
-- grain: one row per frame, term and counted piece with the term in a sentence that carries the frame
-- doc: how often there, and in the whole piece; ordered by frame, term and cluster
-- param frames varchar[]: frames
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
select frame, term_key, cluster, piece_key, n, n_piece
from term_frame
where frame in (select unnest($frames::varchar[]))
    and term_key in (select term_key from term where is_pair = $pairs and ($functions or not is_function) and pieces >= $least)
    and piece_key in (from chosen)
