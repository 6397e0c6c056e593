-- name: groups_in_scope
-- grain: one row per domain (outlet, topic and bin, each null where it does not divide) and frame
-- doc: pieces in groups of copies or in stories: how many (n), sums of scores, of their squares, and,
-- doc: over the groups within a domain, of squared sizes, of size times score sum, of squared score sums
-- param grouped varchar: what makes a group, 'copies' or 'story'
-- param by_outlet boolean: a domain for each outlet
-- param by_topic boolean: a domain for each topic
-- param bin varchar: a domain for each 'week', 'month' or 'quarter'; null: time does not divide
with grouped as (
    select
        piece_key,
        case $grouped when 'copies' then copy_group::varchar else story_key end as member_of,
        case when $by_outlet then outlet end as outlet,
        case when $by_topic then topic_key end as topic_key,
        case $bin::varchar when 'week' then week when 'month' then month when 'quarter' then date_trunc('quarter', month)::date end as start
    from piece
    where case $grouped when 'copies' then copy_group is not null else in_story end
        and @counted
        and @in_scope
),
groups as (
    select
        grouped.outlet, grouped.topic_key, grouped.start, grouped.member_of, piece_frame.frame,
        count(*) as size,
        sum(piece_frame.score)::double as score_sum,
        sum(piece_frame.score * piece_frame.score)::double as square_sum
    from grouped
    join piece_frame using (piece_key)
    where $bin::varchar is null or grouped.start is not null
    group by all
),
final as (
    select
        outlet, topic_key, start, frame,
        @group_sums
    from groups
    group by all
)
select * from final order by all
