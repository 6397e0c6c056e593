-- name: topic_map
-- grain: one row per piece shown
-- doc: up to `most` pieces in scope on the map, a fixed random choice
-- param most integer: how many at most
with final as (
    select id, title, outlet, published, topic_key, map_x, map_y
    from piece
    where @in_scope
        and map_x is not null
        and @counted
    order by hash(piece_key)
    limit $most
)
select * from final order by topic_key, id
