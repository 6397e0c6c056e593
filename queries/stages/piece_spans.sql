-- name: piece_spans
-- grain: one row per piece and sentence
-- doc: offsets of the sentences of some pieces, headline included
-- param keys integer[]: the pieces
select piece_key, sentence, start_char, end_char
from sentence
where piece_key in (select unnest($keys::integer[]))
order by piece_key, sentence
