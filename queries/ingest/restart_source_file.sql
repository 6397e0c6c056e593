-- name: restart_source_file
-- grain: no rows
-- doc: sets the counts of an unfinished file back, to read it again
-- param file_key integer: the file
update source_file
set rows_read = 0, accepted = 0, duplicates = 0, refused = 0
where file_key = $file_key
