-- name: frame_voices
-- grain: one row per piece in scope that carries the frame
-- doc: whose voice it has there: own, and the roles of those who are quoted with it. A piece's cluster is its story,
-- doc: or its copies where it has no story, or itself.
-- param frame varchar: the frame
with scoped as (
    select piece_key, outlet, @cluster as cluster
    from piece
    where @in_scope
        and @counted
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
