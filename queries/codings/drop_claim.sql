-- name: drop_claim
-- grain: one row, or none
-- doc: takes a piece off a coder's screen
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: who coded it
delete from claim where sample = $sample and piece = $piece and coder = $coder
