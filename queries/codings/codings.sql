-- name: codings
-- grain: one row per coding
-- doc: codings with their frames and sentences as JSON lists, in the order in which they were stored
-- param sample text: the sample
-- param coder text: only this coder's; null for all
-- param piece text: only of this piece; null for all
-- param coding integer: only this one; null for all
-- param withdrawn integer: 1 to have withdrawn ones too
select
    coding.coding, coding.piece, coding.coder, coding.committed_at, coding.withdrawn_at,
    coding.codebook, coding.source, coding.seconds, coding.note,
    (
        select json_group_array(json_array(frame, present, definition))
        from coding_frame
        where coding_frame.coding = coding.coding
    ) as frames,
    (
        select json_group_array(json_array(frame, sentence, start_char, end_char))
        from coding_sentence
        where coding_sentence.coding = coding.coding
    ) as sentences
from coding
where coding.sample = $sample
    and ($coder is null or coding.coder = $coder)
    and ($piece is null or coding.piece = $piece)
    and ($coding is null or coding.coding = $coding)
    and ($withdrawn = 1 or coding.withdrawn_at is null)
order by coding.coding
