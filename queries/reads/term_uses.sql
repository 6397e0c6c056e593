-- name: term_uses
-- grain: one row per drawn use of a term in a group
-- doc: a seeded random sample of a term's uses: the piece, the number of the use in it (from 0) among the sentences of `spans` ([start, end), the headline first as [0, its length)), and how many uses and pieces there are in all
-- param one varchar: the group; null for all pieces
-- param without boolean: what is not in the group instead
-- param term varchar: the term
-- param most integer: most pieces counted; a seeded sample where there are more
-- param seed integer: of both samples
-- param uses integer: how many uses are drawn
with chosen as (
    select piece_key, @side as side
    from piece
    where @in_scope
        and @counted
    order by hash(piece_key + $seed)
    limit $most
),
within as (
    select piece_key
    from chosen
    where $side = 'frame' or $one::varchar is null or (side = $one) != $without
),
used as (
    select whole.piece_key,
        case when $side != 'frame' or $one::varchar is null then whole.n when $without then whole.n - coalesce(inside.n, 0) else coalesce(inside.n, 0) end as n
    from piece_term as whole
    join within using (piece_key)
    left join term_frame as inside on inside.frame = $one and inside.term_key = whole.term_key and inside.piece_key = whole.piece_key
    where whole.term_key = (select term_key from term where term = $term)
),
counted as (
    select *, sum(n) over () as total, count(*) over () as total_pieces from used where n > 0
),
drawn as (
    select piece_key, unnest(range(n)) as use, total, total_pieces
    from counted
    order by hash(piece_key, use, $seed)
    limit $uses
),
placed as (
    select piece_key, sentence, start_char, end_char
    from sentence
    where piece_key in (select piece_key from drawn)
        and ($side != 'frame' or $one::varchar is null or $without != exists (
            select 1 from sentence_frame as carried
            where carried.piece_key = sentence.piece_key and carried.sentence = sentence.sentence and carried.frame = $one and carried.present
        ))
),
spans as (
    select piece_key, list([sentence, start_char, end_char] order by sentence) as spans from placed group by piece_key
)
select piece.id, piece.outlet, piece.published, piece.title, piece.text, spans.spans, drawn.use::integer as use, total::bigint as total, total_pieces::bigint as total_pieces
from drawn
join piece using (piece_key)
join spans using (piece_key)
order by hash(piece_key, use, $seed)
