-- name: drop_draft
-- grain: one row, or none
-- doc: forgets what a coder had begun on a piece
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: whose
delete from draft where sample = $sample and piece = $piece and coder = $coder
