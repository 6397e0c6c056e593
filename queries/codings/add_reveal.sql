-- name: add_reveal
-- grain: one row per sample, piece and coder
-- doc: a coder is shown what others said of a piece; the first time is kept
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: who sees it
-- param at text: UTC, ISO 8601
insert into reveal (sample, piece, coder, at) values ($sample, $piece, $coder, $at)
on conflict (sample, piece, coder) do nothing
