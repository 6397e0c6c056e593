-- name: blind_pieces
-- grain: one row per piece
-- doc: what a coder may see of pieces: words and where their sentences are, nothing that was computed
-- doc: about what they mean, and not where or when they appeared
-- param ids varchar[]: the pieces
select
    piece.id, piece.title, piece.text,
    list([sentence.sentence, sentence.start_char, sentence.end_char] order by sentence.sentence)
        filter (where sentence.sentence is not null) as spans
from piece
left join sentence using (piece_key)
where piece.id in (select unnest($ids))
group by piece.piece_key, piece.id, piece.title, piece.text
