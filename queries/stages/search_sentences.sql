-- name: search_sentences
-- grain: one row per sentence with a word of the pieces asked for
-- doc: its words as numbers, and the frames that it carries
-- param keys integer[]: the pieces
select piece_key, sentence, words,
    coalesce(list(frame order by frame) filter (where present), []) as frames
from sentence_word
left join sentence_frame using (piece_key, sentence)
where piece_key in (select unnest($keys::integer[]))
group by all
order by piece_key, sentence
