-- name: build_headline
-- grain: one row per piece with a headline and frame that a sentence of it carries
-- doc: where the piece carries the frame, by the classifier's decisions: in the headline, in the body
create table build.headline as
select
    piece_key,
    frame,
    coalesce(bool_or(present) filter (where sentence = 0), false) as in_headline,
    coalesce(bool_or(present) filter (where sentence > 0), false) as in_body
from sentence_frame
where piece_key in (select piece_key from piece where trim(title) <> '' and trim(text) <> '')
group by all
having bool_or(present)
order by frame, piece_key
