-- name: speaking
-- grain: one row per outlet, cluster of pieces and role
-- doc: quotations and speakers of pieces in scope. A piece's cluster is its story, or its copies where it has no story,
-- doc: or itself. Pieces without a quotation have no row.
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
with scoped as (
    select piece_key, outlet, case when in_story or copy_group is null then story_key else 'copies ' || copy_group end as cluster
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
)
select
    scoped.outlet,
    scoped.cluster,
    voice_piece.role,
    sum(voice_piece.quotations)::bigint as quotations,
    sum(voice_piece.speakers)::bigint as speakers
from scoped
join voice_piece using (piece_key)
group by all
order by all
