-- name: codes
-- grain: one row per valid coding and frame
-- doc: what coders said of frames; present null: can't decide
-- param sample text: the sample
select coding.coding, coding.piece, coding.coder, coding_frame.frame, coding_frame.present, coding_frame.definition
from coding
join coding_frame using (coding)
where coding.sample = $sample and coding.withdrawn_at is null
order by coding.coding, coding_frame.frame
