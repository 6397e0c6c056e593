-- name: build_piece
-- grain: one row per piece
-- doc: pieces as views show them: outlets folded, empty ones named, topic, copies and story attached;
-- doc: a piece that is alone with its event is a story by itself, not in_story; is_lead: the outlet's first on its story
create table build.piece as
with folded as (
    select
        piece.*,
        coalesce(alias.outlet, piece.outlet, '(no outlet)') as outlet_name
    from piece
    left join incoming_alias as alias on alias.spelling = piece.outlet
),
final as (
    select
        folded.piece_key,
        folded.id,
        folded.outlet_name as outlet,
        folded.outlet_raw,
        folded.url,
        folded.published,
        folded.date_precision,
        folded.date_raw,
        case when folded.date_precision = 'day' then date_trunc('week', folded.published)::date end as week,
        case when folded.date_precision in ('day', 'month') then date_trunc('month', folded.published)::date end as month,
        folded.authors,
        folded.title,
        folded.text,
        coalesce(piece_topic.topic_key, 'unassigned') as topic_key,
        piece_topic.how as topic_how,
        piece_topic.similarity as topic_similarity,
        piece_topic.x as map_x,
        piece_topic.y as map_y,
        copy_member.group_key as copy_group,
        coalesce(copy_member.is_origin, true) as is_original,
        coalesce(story_member.story_key, folded.id) as story_key,
        story_member.story_key is not null as in_story,
        row_number() over (
            partition by coalesce(story_member.story_key, folded.id), folded.outlet_name
            order by folded.published nulls last, coalesce(copy_member.is_origin, true) desc, folded.piece_key
        ) = 1 as is_lead,
        folded.file_key,
        folded.row_number
    from folded
    left join piece_topic using (piece_key)
    left join copy_member using (piece_key)
    left join story_member using (piece_key)
)
select * from final order by piece_key
