-- name: draws
-- grain: one row per draw
-- doc: the audit log of a sample, in order
-- param sample text: the sample
select * from draw where sample = $sample order by draw
