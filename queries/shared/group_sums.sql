-- name: group_sums
-- doc: sums over groups of pieces by which a design effect is told (analysis/measure/clustering.py)
sum(size)::bigint as n,
sum(score_sum)::double as score_sum,
sum(square_sum)::double as square_sum,
sum(size * size)::double as sizes_squared,
sum(size * score_sum)::double as size_score,
sum(score_sum * score_sum)::double as sums_squared
