-- name: samples
-- grain: one row per sample
-- doc: samples with their pieces, coders and coded pieces, newest first
with pieces as (
    select sample, count(*) as pieces, sum(overlap) as overlapping
    from sample_piece
    group by sample
),
draws as (
    select sample, count(*) as draws, max(drawn_at) as drawn_at
    from draw
    group by sample
),
codings as (
    select sample, count(distinct piece) as coded, count(distinct coder) as coders, count(*) as codings
    from coding
    where withdrawn_at is null
    group by sample
)
select
    sample.sample, sample.title, sample.created_at, sample.overlap, draws.draws, draws.drawn_at,
    pieces.pieces, pieces.overlapping, coalesce(codings.coded, 0) as coded,
    coalesce(codings.coders, 0) as coders, coalesce(codings.codings, 0) as codings
from sample
join pieces using (sample)
join draws using (sample)
left join codings using (sample)
order by sample.created_at desc, sample.sample desc
