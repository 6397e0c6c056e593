-- name: add_coding
-- grain: one row per commit
-- doc: a coder's commit on a piece
-- param sample text: the sample
-- param piece text: the piece's id
-- param coder text: who coded it
-- param committed_at text: UTC, ISO 8601
-- param withdrawn_at text: UTC, ISO 8601; null: valid
-- param codebook text: hash of the definitions
-- param source text: the way in
-- param seconds real: time taken; null: not known
-- param note text: the coder's note
insert into coding (sample, piece, coder, committed_at, withdrawn_at, codebook, source, seconds, note)
values ($sample, $piece, $coder, $committed_at, $withdrawn_at, $codebook, $source, $seconds, $note)
