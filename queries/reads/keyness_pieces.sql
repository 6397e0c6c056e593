-- name: keyness_pieces
-- grain: one row per counted piece that belongs to a group, and, by frame, one more per frame of it
-- doc: the words that are compared: of a piece, its group (side) and cluster; by frame the side is null for whole pieces, and the frame where only words of sentences with that frame are counted
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, @side as side
    from piece
    where @in_scope
        and @counted
    order by hash(piece_key + $seed)
    limit $most
)
select piece_key, cluster, case $side when 'frame' then frame else side end as side, words
from chosen
join piece_words using (piece_key)
where case $side when 'frame' then true else side is not null and frame is null end
order by piece_key, side nulls first
