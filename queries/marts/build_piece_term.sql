-- name: build_piece_term
-- grain: one row per term and piece that has it
-- doc: how often a piece has a term, headline included; pieces of one cluster stand together
create table build.piece_term as
with token as (
    select piece_key, unnest(words) as first_word, unnest(words[2:]) as second_word
    from sentence_word
),
final as (
    select term_key, piece_key, count(*)::integer as n
    from token
    join build.term as term on term.first_word = token.first_word and term.second_word is null
    group by all
    union all
    select term_key, piece_key, count(*)::integer as n
    from token
    join build.term as term on term.first_word = token.first_word and term.second_word = token.second_word
    group by all
)
select final.term_key, piece_words.cluster, final.piece_key, final.n
from final
join build.piece_words as piece_words on piece_words.piece_key = final.piece_key and piece_words.frame is null
order by term_key, cluster, piece_key
