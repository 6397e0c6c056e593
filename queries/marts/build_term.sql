-- name: build_term
-- grain: one row per word in at least 3 pieces, or pair of words in at least 5
-- doc: what is counted: single words, and pairs that stand side by side in a sentence and have no function word; keys follow the alphabet, whatever the order of pieces
create table build.term as
with token as (
    select piece_key, unnest(words) as first_word, unnest(words[2:]) as second_word
    from sentence_word
),
single as (
    select first_word, null::integer as second_word, sum(n)::bigint as tokens, count(*)::bigint as pieces
    from (select piece_key, first_word, count(*) as n from token where first_word is not null group by all)
    group by first_word
    having count(*) >= 3
),
pair as (
    select first_word, second_word, sum(n)::bigint as tokens, count(*)::bigint as pieces
    from (
        select piece_key, first_word, second_word, count(*) as n
        from token
        where first_word in (select word_key from word where not is_function)
            and second_word in (select word_key from word where not is_function)
        group by all
    )
    group by all
    having count(*) >= 5
),
named as (
    select
        case when second.word is null then first.word else first.word || ' ' || second.word end as term,
        second_word is not null as is_pair,
        second_word is null and first.is_function as is_function,
        tokens,
        pieces,
        first_word,
        second_word
    from (from single union all from pair) as found
    join word as first on first.word_key = first_word
    left join word as second on second.word_key = second_word
)
select row_number() over (order by term)::integer as term_key, *
from named
order by term_key
