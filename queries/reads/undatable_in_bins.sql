-- name: undatable_in_bins
-- grain: one row
-- doc: pieces in scope that no bin of this width can hold
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param bin varchar: 'week', 'month' or 'quarter'
with final as (
    select coalesce(sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint, 0) as n
    from roll_piece
    where @in_scope
        and case $bin when 'week' then week when 'quarter' then date_trunc('quarter', month)::date else month end is null
)
select * from final
