-- name: quoting_pieces
-- grain: one row per outlet
-- doc: pieces in scope and those of them in which somebody is quoted
with scoped as (
    select piece_key, outlet
    from piece
    where @in_scope
        and @counted
)
select
    scoped.outlet,
    count(*)::bigint as pieces,
    count(*) filter (where scoped.piece_key in (select piece_key from voice_piece))::bigint as quoting
from scoped
group by all
order by all
