-- name: story_frames
-- grain: one row per piece of a story and frame that it carries
-- doc: the first sentence that carries each frame; 0 is the headline, offsets are in its text
-- param story varchar: the story's key
with first as (
    select
        sentence_frame.piece_key,
        sentence_frame.frame,
        min(sentence_frame.sentence) as sentence
    from sentence_frame
    join piece using (piece_key)
    where piece.story_key = $story and sentence_frame.present
    group by all
)
select first.piece_key, first.frame, first.sentence, sentence.start_char, sentence.end_char
from first
join sentence using (piece_key, sentence)
order by first.piece_key, first.frame
