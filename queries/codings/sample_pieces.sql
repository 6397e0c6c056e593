-- name: sample_pieces
-- grain: one row per drawn piece
-- doc: the pieces of a sample in the order of coding
-- param sample text: the sample
select piece, draw, stratum, probability, place, overlap
from sample_piece
where sample = $sample
order by place, piece
