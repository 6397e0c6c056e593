-- name: unaccounted_rows
-- grain: one row per file whose rows do not add up
-- doc: rows_read = accepted + duplicates + refused, and each of them is stored as such
-- param file_key integer: the file to look at; null for all
with stored as (
    select
        source_file.*,
        (select count(*) from piece where piece.file_key = source_file.file_key) as pieces,
        (select count(*) from duplicate_row where duplicate_row.file_key = source_file.file_key) as repeats,
        (
            select count(*) from problem
            where problem.file_key = source_file.file_key and problem.severity = 'refused'
        ) as refusals
    from source_file
    where finished and file_key = coalesce($file_key, file_key)
)
select file_key, path, rows_read, accepted, duplicates, refused, pieces, repeats, refusals
from stored
where
    rows_read <> accepted + duplicates + refused
    or accepted <> pieces
    or duplicates <> repeats
    or refused <> refusals
order by file_key
