-- name: volume_over_time
-- grain: one row per outlet and bin
-- doc: pieces in scope by outlet and week or month
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param bin varchar: 'week', 'month' or 'quarter'
with final as (
    select outlet, case $bin when 'week' then week when 'quarter' then date_trunc('quarter', month)::date else month end as start, sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint as n
    from roll_piece
    where @in_scope
        and case $bin when 'week' then week when 'quarter' then date_trunc('quarter', month)::date else month end is not null
    group by outlet, start
)
select * from final where n > 0 order by all
