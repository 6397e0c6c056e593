-- name: build_outlet
-- grain: one row per outlet
-- doc: what there is of each outlet, whatever the filters
create table build.outlet as
select
    outlet,
    count(*)::bigint as pieces,
    count(*) filter (where is_original)::bigint as originals,
    count(*) filter (where published is null)::bigint as undated,
    min(published) as first_day,
    max(published) as last_day
from build.piece
group by outlet
order by pieces desc, outlet
