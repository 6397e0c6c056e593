-- name: share_overall
-- grain: one row per frame
-- doc: pieces in scope (n) and those that carry the frame (k); sums of scores and of their squares
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
with denominators as (
    select sum(case $estimand when 'original' then n_original when 'story' then n_lead else n_item end)::bigint as n
    from roll_piece
    where @in_scope
    
),
numerators as (
    select frame, sum(case $estimand when 'original' then k_original when 'story' then k_lead else k_item end)::bigint as k,
        sum(case $estimand when 'original' then score_original when 'story' then score_lead else score_item end) as score_sum,
        sum(case $estimand when 'original' then square_original when 'story' then square_lead else square_item end) as square_sum
    from roll_frame
    where @in_scope
    group by frame
),
final as (
    select numerators.frame, denominators.n, numerators.k, numerators.score_sum, numerators.square_sum
    from denominators
    join numerators on true
    where denominators.n > 0
)
select * from final order by all
