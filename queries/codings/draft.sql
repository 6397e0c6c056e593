-- name: draft
-- grain: one row, or none
-- doc: what a coder has begun on a piece
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: whose
select marks from draft where sample = $sample and piece = $piece and coder = $coder
