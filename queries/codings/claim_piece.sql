-- name: claim_piece
-- grain: one row per sample, piece and coder
-- doc: puts a piece on a coder's screen, or keeps it there longer
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: who codes it
-- param until text: UTC, ISO 8601
insert into claim (sample, piece, coder, until) values ($sample, $piece, $coder, $until)
on conflict (sample, piece, coder) do update set until = excluded.until
