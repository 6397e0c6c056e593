-- name: headline_pairs
-- grain: one row per piece
-- doc: pieces whose headline and body part over a frame, in a reproducible random order, each with the
-- doc: body's highest-scoring sentence for it
-- param frame varchar: the frame
-- param asserted boolean: true: the headline carries it and the body does not; false: the reverse
-- param seed integer: of the order
-- param most integer: at most so many
with chosen as (
    select piece_key, id, outlet, published, title, text, count(*) over () as found
    from piece
    join headline using (piece_key)
    where paired and frame = $frame and in_headline = $asserted and in_body <> $asserted
        and @in_scope
        and @counted
    order by md5(id || $seed::varchar), id
    limit $most
),
nearest as (
    select
        chosen.piece_key,
        arg_max(substring(chosen.text, sentence.start_char + 1, sentence.end_char - sentence.start_char), sentence_frame.score) as sentence,
        max(sentence_frame.score)::double as score
    from chosen
    join sentence_frame using (piece_key)
    join sentence using (piece_key, sentence)
    where sentence_frame.frame = $frame and sentence_frame.sentence > 0
    group by all
)
select chosen.id, chosen.outlet, chosen.published, chosen.title, nearest.sentence, nearest.score, chosen.found
from chosen
left join nearest using (piece_key)
order by md5(chosen.id || $seed::varchar), chosen.id
