-- name: find_source_file
-- grain: at most one row
-- doc: the file with this content that was read with these settings, a finished one first
-- param sha256 varchar: hash of the file's bytes
-- param settings varchar: settings as JSON
select file_key, finished, rows_read, accepted, duplicates, refused
from source_file
where sha256 = $sha256 and settings = $settings
order by finished desc, file_key
limit 1
