-- name: quotations
-- grain: one row per quotation
-- doc: every quotation with its words of speech, speaker, role, and the frames of the sentence it begins in;
-- doc: sentence 0 is the headline, with offsets in it
with framed as (
    select piece_key, sentence, list(frame order by frame) as frames
    from sentence_frame
    where present
    group by all
)
select
    piece.id,
    quotation.sentence,
    quotation.kind,
    quotation.start_char as start,
    quotation.end_char as end,
    nullif(quotation.speaker, '') as speaker,
    quotation.role,
    substring(
        case when quotation.sentence = 0 then piece.title else piece.text end,
        quotation.cue_start + 1, quotation.cue_end - quotation.cue_start
    ) as cue,
    quotation.speaker_start,
    quotation.speaker_end,
    quotation.nested,
    coalesce(framed.frames, []) as frames
from quotation
join piece using (piece_key)
left join framed using (piece_key, sentence)
order by piece.id, quotation.quotation
