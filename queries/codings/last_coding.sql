-- name: last_coding
-- grain: one row, or none
-- doc: the valid coding that a coder committed last
-- param sample text: the sample
-- param coder text: who coded
select coding, piece
from coding
where sample = $sample and coder = $coder and withdrawn_at is null
order by coding desc
limit 1
