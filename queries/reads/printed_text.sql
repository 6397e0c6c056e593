-- name: printed_text
-- grain: one row per piece of a group of copies
-- doc: who printed a text, when, under which headline, with which credit; frames of the headline alone
-- param group integer: the group
select
    piece.id, piece.outlet, piece.published, piece.title, piece.is_original, credit.agency, credit.how,
    length(piece.text)::bigint as characters,
    (
        select coalesce(list(sentence_frame.frame order by sentence_frame.frame), [])
        from sentence_frame
        where sentence_frame.piece_key = piece.piece_key and sentence_frame.sentence = 0 and sentence_frame.present
    ) as frames
from piece
left join credit using (piece_key)
where copy_group = $group
order by is_original desc, published nulls last, outlet, id
