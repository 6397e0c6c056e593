-- name: build_piece_words
-- grain: one row per piece, and one more per frame that a sentence of it carries
-- doc: how many words a piece has (frame null), and how many stand in sentences that carry a frame;
-- doc: `cluster` numbers pieces that are not independent, on one story or with one text; others are their own
create table build.piece_words as
with counted as (
    select piece_key, null::varchar as frame, sum(len(words))::integer as words
    from sentence_word
    group by all
    union all
    select piece_key, frame, sum(len(words))::integer as words
    from sentence_word
    join sentence_frame using (piece_key, sentence)
    where sentence_frame.present
    group by all
),
clustered as (
    select piece_key, (dense_rank() over (order by @cluster) - 1)::integer as cluster
    from build.piece
)
select counted.piece_key, clustered.cluster, counted.frame, counted.words
from counted
join clustered using (piece_key)
order by frame nulls first, piece_key
