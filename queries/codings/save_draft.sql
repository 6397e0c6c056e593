-- name: save_draft
-- grain: one row per sample, piece and coder
-- doc: keeps what a coder has begun on a piece
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: whose
-- param now text: UTC, ISO 8601
-- param marks text: as JSON
insert into draft (sample, piece, coder, saved_at, marks) values ($sample, $piece, $coder, $now, $marks)
on conflict (sample, piece, coder) do update set saved_at = excluded.saved_at, marks = excluded.marks
