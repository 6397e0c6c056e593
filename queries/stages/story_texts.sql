-- name: story_texts
-- grain: one row per piece
-- doc: what stories are found by: dates, headlines and the openings of texts
-- param most integer: characters of a text
select piece_key, id, published, date_precision, title, left(text, $most::integer) as text
from piece
order by piece_key
