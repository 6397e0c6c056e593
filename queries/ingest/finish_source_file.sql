-- name: finish_source_file
-- grain: no rows
-- doc: notes that a file has been read to its end
-- param file_key integer: the file
update source_file set finished = true where file_key = $file_key
