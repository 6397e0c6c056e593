-- name: add_pieces
-- grain: no rows
-- doc: stores new pieces; keys follow the order of rows, without gaps, so that a run that was
-- doc: killed and gone on with ends in the same keys
-- param file_key integer: the file that they come from
insert into piece
select
    ((select coalesce(max(piece_key), 0) from piece) + row_number() over (order by row_number))::integer as piece_key,
    id,
    outlet,
    outlet_raw,
    url,
    published,
    date_precision,
    date_raw,
    authors,
    title,
    text,
    record_hash,
    control_chars,
    replacement_chars,
    $file_key as file_key,
    row_number
from incoming_piece
order by row_number
