-- name: piece_sentences
-- grain: one row per sentence and frame
-- doc: offsets and scores of one piece's sentences
-- param id varchar: the piece
select sentence.sentence, sentence.start_char, sentence.end_char, sentence_frame.frame, sentence_frame.score, sentence_frame.present
from sentence
join sentence_frame using (piece_key, sentence)
where piece_key = (select piece_key from piece where id = $id)
order by all
