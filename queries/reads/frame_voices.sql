-- name: frame_voices
-- grain: one row per piece in scope that carries the frame
-- doc: whose voice it has there: own, and the roles of those who are quoted with it. A piece's cluster is its story,
-- doc: or its copies where it has no story, or itself.
-- param outlets varchar[]: outlets in scope; null for all
-- param topics varchar[]: topic keys in scope; null for all
-- param day_from date: first day, a Monday; null for no bound
-- param day_to date: last day, a Sunday; null for no bound
-- param estimand varchar: 'item' counts each published piece, 'original' copies once, 'story' each outlet's first piece on a story
-- param frame varchar: the frame
with scoped as (
    select piece_key, outlet, case when in_story or copy_group is null then story_key else 'copies ' || copy_group end as cluster
    from piece
    where ($outlets::varchar[] is null or outlet in (select unnest($outlets::varchar[])))
        and ($topics::varchar[] is null or topic_key in (select unnest($topics::varchar[])))
        and ($day_from::date is null or coalesce(week, month) >= $day_from::date)
        and ($day_to::date is null or coalesce(week, month) <= $day_to::date)
        and case $estimand when 'original' then is_original when 'story' then is_lead else true end
),
final as (
    select
        scoped.outlet,
        scoped.piece_key as piece,
        scoped.cluster,
        bool_or(voice_frame.voice = 'own') as own,
        list(voice_frame.voice order by voice_frame.voice) filter (where voice_frame.voice <> 'own') as roles
    from scoped
    join voice_frame using (piece_key)
    where voice_frame.frame = $frame
    group by all
)
select * from final order by piece
