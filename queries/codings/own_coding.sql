-- name: own_coding
-- grain: one row, or none
-- doc: a coder's valid coding of a piece
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: who coded it
select coding
from coding
where sample = $sample and piece = $piece and coder = $coder and withdrawn_at is null
