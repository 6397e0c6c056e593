-- name: add_coding_sentence
-- grain: one row per coding, frame and marked sentence
-- doc: a sentence that a coder marked
-- param coding integer: the coding
-- param frame text: the frame's id
-- param sentence integer: 0 is the headline
-- param start_char integer: first character, of the title or the text
-- param end_char integer: character after the last
insert into coding_sentence (coding, frame, sentence, start_char, end_char)
values ($coding, $frame, $sentence, $start_char, $end_char)
