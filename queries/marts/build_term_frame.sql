-- name: build_term_frame
-- grain: one row per frame, term and piece with the term in a sentence that carries the frame
-- doc: how often a term stands in the piece's sentences (headline included) that carry a frame (n), and in the whole piece (n_piece)
create table build.term_frame as
with token as (
    select frame, piece_key, unnest(words) as first_word, unnest(words[2:]) as second_word
    from sentence_word
    join sentence_frame using (piece_key, sentence)
    where sentence_frame.present
),
final as (
    select frame, term_key, piece_key, count(*)::integer as n
    from token
    join build.term as term on term.first_word = token.first_word and term.second_word is null
    group by all
    union all
    select frame, term_key, piece_key, count(*)::integer as n
    from token
    join build.term as term on term.first_word = token.first_word and term.second_word = token.second_word
    group by all
)
select frame, term_key, whole.cluster, piece_key, final.n, whole.n as n_piece
from final
join build.piece_term as whole using (term_key, piece_key)
order by frame, term_key, cluster, piece_key
