-- name: search_counts
-- grain: one row per outlet and bin with pieces in scope; one per outlet where bin is null
-- doc: pieces in scope (n), those with a hit (k) and their hits (incoming_hit: piece_key, sentence, score)
-- param bin varchar: 'week', 'month' or 'quarter'; null for all dates together, undated pieces included
with found as (
    select piece_key, count(*) as hits from incoming_hit group by piece_key
),
counted as (
    select outlet, case $bin::varchar when 'week' then week when 'month' then month when 'quarter' then date_trunc('quarter', month)::date end as start, found.hits
    from piece
    left join found using (piece_key)
    where @in_scope
        and @counted
)
select outlet, start, count(*)::bigint as n, count(hits)::bigint as k, coalesce(sum(hits), 0)::bigint as hits
from counted
where $bin::varchar is null or start is not null
group by all
order by all
