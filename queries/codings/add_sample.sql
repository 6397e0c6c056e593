-- name: add_sample
-- grain: one row per sample
-- doc: a new sample, before its first draw
-- param sample text: its name
-- param created_at text: UTC, ISO 8601
-- param title text: what it is for
-- param overlap real: share of pieces that every coder codes
insert into sample (sample, created_at, title, overlap) values ($sample, $created_at, $title, $overlap)
