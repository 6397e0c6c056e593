-- name: build_piece_words
-- grain: one row per piece, and one more per frame that a sentence of it carries
-- doc: how many words a piece has (frame null), and how many stand in sentences that carry a frame
create table build.piece_words as
with final as (
    select piece_key, null::varchar as frame, sum(len(words))::integer as words
    from sentence_word
    group by all
    union all
    select piece_key, frame, sum(len(words))::integer as words
    from sentence_word
    join sentence_frame using (piece_key, sentence)
    where sentence_frame.present
    group by all
)
select * from final order by frame nulls first, piece_key
