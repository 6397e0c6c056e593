-- name: speaking
-- grain: one row per outlet, cluster of pieces and role
-- doc: quotations and speakers of pieces in scope. A piece's cluster is its story, or its copies where it has no story,
-- doc: or itself. Pieces without a quotation have no row.
with scoped as (
    select piece_key, outlet, @cluster as cluster
    from piece
    where @in_scope
        and @counted
)
select
    scoped.outlet,
    scoped.cluster,
    voice_piece.role,
    sum(voice_piece.quotations)::bigint as quotations,
    sum(voice_piece.speakers)::bigint as speakers
from scoped
join voice_piece using (piece_key)
group by all
order by all
