-- name: build_roll_piece
-- grain: one row per outlet, topic, week, month and date precision
-- doc: denominators: published items, original reports, and each outlet's first pieces on stories
create table build.roll_piece as
select
    outlet,
    topic_key,
    week,
    month,
    date_precision,
    count(*)::bigint as n_item,
    count(*) filter (where is_original)::bigint as n_original,
    count(*) filter (where is_lead)::bigint as n_lead
from build.piece
group by all
order by outlet, week, topic_key
