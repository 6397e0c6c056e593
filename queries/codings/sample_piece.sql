-- name: sample_piece
-- grain: one row, or none
-- doc: a piece's row in a sample
-- param sample text: the sample
-- param piece text: the piece's id
select piece, draw, stratum, probability, place, overlap
from sample_piece
where sample = $sample and piece = $piece
