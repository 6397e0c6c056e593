-- name: piece_quotations
-- grain: one row per quotation
-- doc: the quotations of one piece
-- param id varchar: the piece
select quotation, sentence, kind, start_char, end_char, speaker, role, nested
from quotation
where piece_key = (select piece_key from piece where id = $id)
order by quotation
