-- name: build_voice_frame
-- grain: one row per piece, frame that it carries, and voice that says it
-- doc: whose voice a frame has in a piece: 'own' or the role of whoever speaks in a sentence that carries it
create table build.voice_frame as
select
    sentence_frame.piece_key,
    sentence_frame.frame,
    coalesce(sentence_voice.role, 'own') as voice,
    count(*)::integer as sentences
from sentence_frame
join piece_frame using (piece_key, frame)
left join sentence_voice using (piece_key, sentence)
where sentence_frame.present and piece_frame.present
group by all
order by sentence_frame.frame, sentence_frame.piece_key, voice
