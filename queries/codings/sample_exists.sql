-- name: sample_exists
-- grain: one row per sample of that name
-- doc: whether there is a sample
-- param sample text: the sample
select sample from sample where sample = $sample
