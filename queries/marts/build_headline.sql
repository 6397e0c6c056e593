-- name: build_headline
-- grain: one row per piece and frame that a sentence of it carries
-- doc: where the piece carries the frame, by the classifier's decisions: in the headline, in the body;
-- doc: paired: it has both
create table build.headline as
select
    sentence_frame.piece_key,
    frame,
    any_value(trim(piece.title) <> '' and trim(piece.text) <> '') as paired,
    coalesce(bool_or(present) filter (where sentence = 0), false) as in_headline,
    coalesce(bool_or(present) filter (where sentence > 0), false) as in_body
from sentence_frame
join piece using (piece_key)
group by all
having bool_or(present)
order by frame, sentence_frame.piece_key
