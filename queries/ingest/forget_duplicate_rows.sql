-- name: forget_duplicate_rows
-- grain: no rows
-- doc: takes away the repeated rows of an unfinished file, to find them again
-- param file_key integer: the file
delete from duplicate_row where file_key = $file_key
