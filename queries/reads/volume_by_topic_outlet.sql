-- name: volume_by_topic_outlet
-- grain: one row per topic and outlet
-- doc: pieces in scope by topic and outlet
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
with final as (
    select topic_key, outlet, sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint as n
    from roll_piece
    where @in_scope
    group by topic_key, outlet
)
select * from final where n > 0 order by all
