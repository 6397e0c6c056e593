-- name: keyness_uses
-- grain: one row per term and piece that has it, and, by frame, one more per frame of it
-- doc: how often some terms stand in pieces (frame null), and in their sentences that carry a frame
-- param terms varchar[]: the terms
-- param frames varchar[]: frames; null for none
with wanted as (
    select term_key, term from term where term in (select unnest($terms::varchar[]))
),
final as (
    select term_key, cluster, piece_key, null::varchar as frame, n from piece_term where term_key in (select term_key from wanted)
    union all
    select term_key, cluster, piece_key, frame, n
    from term_frame
    where term_key in (select term_key from wanted) and frame in (select unnest($frames::varchar[]))
)
select term, cluster, piece_key, frame, n from final join wanted using (term_key) order by all
