-- name: pace
-- grain: one row per coding
-- doc: how long a coder's latest codings took, newest first
-- param sample text: the sample
-- param coder text: the coder
-- param most integer: how many at most
select seconds
from coding
where sample = $sample and coder = $coder and withdrawn_at is null and seconds is not null
order by coding desc
limit $most
