-- name: sample_row
-- grain: one row, or none
-- doc: a sample as it is stored
-- param sample text: the sample
select sample, created_at, title, overlap from sample where sample = $sample
