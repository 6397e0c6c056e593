-- name: forget_problems
-- grain: no rows
-- doc: takes away the findings about an unfinished file, to make them again
-- param file_key integer: the file
delete from problem where file_key = $file_key
