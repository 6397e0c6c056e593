-- name: keyness_pieces
-- grain: one row per counted piece that belongs to a group, and, by frame, one more per frame of it
-- doc: the words that are compared: of a piece, its group (side) and cluster; by frame the side is null for whole pieces, and the frame where only words of sentences with that frame are counted
-- param side varchar: what divides pieces: 'outlet', 'topic', 'year', 'quarter', 'event', or 'frame', which divides sentences
-- param event date: for 'event': the first day of the group 'after'
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of that sample
with chosen as (
    select piece_key, case $side
            when 'outlet' then outlet
            when 'topic' then topic_key
            when 'year' then strftime(published, '%Y')
            when 'quarter' then strftime(month, '%Y') || '-Q' || quarter(month)
            when 'event' then case when date_precision = 'day' and published < $event::date then 'before' when date_precision = 'day' then 'after' end
        end as side
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
