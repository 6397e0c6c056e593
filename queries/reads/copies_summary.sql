-- name: copies_summary
-- grain: one row
-- doc: groups of copies and what is in them
select
    count(distinct copy_group)::bigint as groups,
    count(*) filter (where copy_group is not null)::bigint as pieces,
    count(*) filter (where not is_original)::bigint as copies
from piece
