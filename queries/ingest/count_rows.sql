-- name: count_rows
-- grain: no rows
-- doc: adds a batch to the counts of a file
-- param file_key integer: the file
-- param rows_read bigint: rows of the batch
-- param accepted bigint: those that are pieces
-- param duplicates bigint: those that repeat a piece
-- param refused bigint: those that were not taken
update source_file
set
    rows_read = rows_read + $rows_read,
    accepted = accepted + $accepted,
    duplicates = duplicates + $duplicates,
    refused = refused + $refused
where file_key = $file_key
