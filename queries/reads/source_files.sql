-- name: source_files
-- grain: one row per file
-- doc: what was ingested
select * from source_file order by file_key
